import { type Scope, SCOPES } from './scope.kinds';

/** Who is asking, and what they may. */
export interface Viewer {
  /** `admin`, `token:7` or `address:203.0.113.9`: what keeps idempotency keys and rates of callers apart. */
  readonly key: string;
  /** The stored token that was shown; null for the admin token and for anonymous callers. */
  readonly tokenId: number | null;
  readonly isAnonymous: boolean;
  readonly scopes: ReadonlySet<Scope>;
  can(scope: Scope): boolean;
}

export function adminViewer(): Viewer {
  return ADMIN;
}

export function tokenViewer(tokenId: number, scopes: readonly Scope[]): Viewer {
  return viewer({ key: `token:${tokenId}`, tokenId, isAnonymous: false }, scopes);
}

/** @param address the caller's IP address; one of IPv4 is the same caller in its IPv6 form. */
export function anonymousViewer(address: string, scopes: readonly Scope[]): Viewer {
  const plain = address.toLowerCase().replace(/^::ffff:(?=\d+\.)/, '');
  return viewer({ key: `address:${plain}`, tokenId: null, isAnonymous: true }, scopes);
}

function viewer(who: Pick<Viewer, 'key' | 'tokenId' | 'isAnonymous'>, allowed: readonly Scope[]): Viewer {
  const scopes: ReadonlySet<Scope> = new Set(allowed);
  return { ...who, scopes, can: scope => scopes.has(scope) };
}

const ADMIN = viewer({ key: 'admin', tokenId: null, isAnonymous: false }, SCOPES);
