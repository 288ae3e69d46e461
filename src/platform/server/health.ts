import { type FastifyInstance } from 'fastify';
import { withDeadline } from '../deadline';

/** Milliseconds that the store has to say that it is there; probes rarely wait longer. */
const READY_TIMEOUT_MS = 5_000;

/** What is asked about the server by whoever starts, stops and balances it. Nobody needs a token for that. */
export function healthRoutes(
  app: FastifyInstance,
  { isReady, isClosing }: { readonly isReady: () => Promise<boolean>; readonly isClosing: () => boolean },
): void {
  app.get('/healthz', (_, reply) => reply.send({ status: 'ok' }));
  app.get('/readyz', async (_, reply) => {
    if (isClosing()) return reply.code(503).send({ status: 'closing' });
    // A store that cannot even be asked is a store that is not ready.
    const ready = await withDeadline(READY_TIMEOUT_MS, isReady).catch(() => false);
    return reply.code(ready ? 200 : 503).send({ status: ready ? 'ok' : 'unavailable' });
  });
}
