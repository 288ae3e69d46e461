import { type ConfiguredProvider } from '../../src/providers/kind';
import { generic } from '../../src/providers/kinds/generic/generic';
import { checkProviders } from '../../src/providers/setup/providers-file';
import { type Gateway } from '../support/gateway';

export const SECRET = 'a-secret-of-ours-for-tests';

/** Providers of the kind `generic`, as the file would set them up. */
export function genericProviders(
  settings: readonly Readonly<Record<string, unknown>>[],
): readonly ConfiguredProvider[] {
  const providers = settings.map(each => ({
    kind: 'generic',
    ...(each['insecure'] ? {} : { secret: SECRET }),
    ...each,
  }));
  return checkProviders(JSON.stringify({ providers }), null, {});
}

export interface Delivered {
  readonly status: number;
  readonly headers: Headers;
  readonly body: {
    readonly results?: readonly Record<string, unknown>[];
    readonly errors?: readonly unknown[];
  };
}

/** Sends what a program of the kind `generic` would, with right proof. */
export async function deliver(
  gateway: Gateway,
  id: string,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<Delivered> {
  const [configured] = genericProviders([{ id }]);
  if (configured === undefined) throw new Error('There is no provider.');
  const sample = {
    ...({ method: 'POST' } as const),
    headers: { 'content-type': 'application/json', ...headers },
    url: gateway.url.replace('/graphql', `/providers/${id}`),
    body: typeof body === 'string' ? body : JSON.stringify(body),
  } as const;
  const { url, ...init } = generic.hook.prove(sample, SECRET, configured.provider, gateway.clock.now());
  const response = await fetch(url, init);
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: text.startsWith('{') ? (JSON.parse(text) as Delivered['body']) : {},
  };
}
