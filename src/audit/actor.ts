import { type Viewer } from '../auth/viewer';

/** Who writes, and in which request: what every write is handed, so that none goes unrecorded. Never an address. */
export type Actor =
  | { readonly kind: 'TOKEN'; readonly tokenId: number; readonly requestId: string }
  | { readonly kind: 'ADMIN' | 'ANONYMOUS'; readonly tokenId: null; readonly requestId: string }
  | { readonly kind: 'OPERATOR'; readonly tokenId: null; readonly requestId: null };

/** Whoever runs a command on the machine, or a script that saves through TypeORM. */
export const OPERATOR: Actor = { kind: 'OPERATOR', tokenId: null, requestId: null };

export function actorOf({ tokenId, isAnonymous }: Viewer, requestId: string): Actor {
  if (tokenId !== null) return { kind: 'TOKEN', tokenId, requestId };
  return { kind: isAnonymous ? 'ANONYMOUS' : 'ADMIN', tokenId: null, requestId };
}
