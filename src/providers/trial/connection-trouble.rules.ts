/** Why an address could not be reached, for the operator: what it is, and what to look at. */
export function connectionTrouble(error: unknown, url: string): string {
  const { host, hostname } = new URL(url);
  const codes = codesOf(error);
  const has = (pattern: RegExp): boolean => codes.some(code => pattern.test(code));
  if (has(/^(ENOTFOUND|EAI_AGAIN|EAI_NODATA)$/))
    return `DNS: no address is known for ${hostname}; look at PUBLIC_URL and the name server.`;
  if (has(/^ECONNREFUSED$/))
    return `refused: nobody listens at ${host}; is the gateway, or the proxy before it, running?`;
  if (has(TLS))
    return `TLS: no trusted connection to ${host} (${codes.find(code => TLS.test(code)) ?? 'TLS'}); look at the certificate, its names and its end, and whether that port speaks TLS.`;
  if (has(/TIMEOUT|TIMEDOUT|^AbortError$|^TimeoutError$/))
    return `timeout: ${host} did not answer; look at firewalls and routes.`;
  if (has(/^(EHOSTUNREACH|ENETUNREACH)$/)) return `no route: ${host} cannot be reached from here.`;
  if (has(/^(ECONNRESET|UND_ERR_SOCKET|EPIPE)$/))
    return `cut: ${host} hung up before it answered; something else than the gateway may listen there.`;
  return `${host} could not be asked (${codes.join(', ') || 'for an unknown reason'}).`;
}

const TLS = /CERT|SSL|TLS|UNABLE_TO_|SELF_SIGNED|^EPROTO$/;

/** How far an error is followed into its causes. */
const MAX_CAUSES = 5;

/** The codes, or else the names, of an error and of what caused it. */
function codesOf(error: unknown, depth = 0): readonly string[] {
  if (!(typeof error === 'object' && error !== null) || depth > MAX_CAUSES) return [];
  const { code, name, cause, errors } = error as Record<string, unknown>;
  const own = [code, name].filter(each => typeof each === 'string');
  const inner: readonly unknown[] = [cause, ...(Array.isArray(errors) ? (errors as unknown[]) : [])];
  return [...own, ...inner.flatMap(each => codesOf(each, depth + 1))];
}
