/**
 * Addresses by which a gateway may believe that it is called, when it is called by another: behind a proxy that ends TLS,
 * that maps a port, or that takes a path away. The default port stands in some of them, as some services sign it.
 */
export function likelyAddresses(
  publicUrl: string,
  listening: { readonly host: string; readonly port: number },
): readonly string[] {
  const { protocol, hostname, port, pathname } = new URL(publicUrl);
  const prefix = pathname.replace(/\/+$/, '');
  const ports = [...new Set([port, '', String(listening.port)])];
  const addresses = SCHEMES.flatMap(scheme =>
    ports
      .flatMap(each => [each, ...(each === '' ? [DEFAULT_PORTS[scheme]] : [])])
      .flatMap(each =>
        [prefix, ''].map(path => `${scheme}//${hostname}${each === '' ? '' : `:${each}`}${path}`),
      ),
  );
  const own = [listening.host, 'localhost', '127.0.0.1'].map(
    host => `http://${bracketed(host)}:${listening.port}`,
  );
  // The likeliest first: only the scheme is another.
  const other = protocol === 'https:' ? 'http:' : 'https:';
  const swapped = `${other}//${hostname}${port === '' ? '' : `:${port}`}${prefix}`;
  return [...new Set([swapped, ...addresses, ...own])].filter(address => address !== publicUrl);
}

const SCHEMES = ['https:', 'http:'] as const;
const DEFAULT_PORTS: Readonly<Record<(typeof SCHEMES)[number], string>> = { 'https:': '443', 'http:': '80' };

function bracketed(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}
