import { type Viewer } from '../auth/viewer';

/** Who writes, and in which request: what every write is handed, so that none goes unrecorded. Never an address. */
export type Actor =
  | { readonly kind: 'TOKEN'; readonly tokenId: number; readonly requestId: string }
  | { readonly kind: 'ADMIN' | 'ANONYMOUS'; readonly tokenId: null; readonly requestId: string }
  | { readonly kind: 'OPERATOR'; readonly tokenId: null; readonly requestId: null }
  | ProviderActor;

/** A service that delivers what people wrote; the request is null where we fetched it there. */
export interface ProviderActor {
  readonly kind: 'PROVIDER';
  readonly tokenId: null;
  readonly requestId: string | null;
  readonly providerId: string;
}

/** Whoever runs a command on the machine, or a script that saves through TypeORM. */
export const OPERATOR: Actor = { kind: 'OPERATOR', tokenId: null, requestId: null };

export function actorOf({ tokenId, isAnonymous }: Viewer, requestId: string): Actor {
  if (tokenId !== null) return { kind: 'TOKEN', tokenId, requestId };
  return { kind: isAnonymous ? 'ANONYMOUS' : 'ADMIN', tokenId: null, requestId };
}
