import { type FastifyInstance } from 'fastify';
import { Deadline } from '../deadline';
import { type ServerOptions } from './edge';

/** Milliseconds that the store has to say that it is there; probes rarely wait longer. */
const READY_TIMEOUT_MS = 5_000;

interface HealthOptions extends Pick<ServerOptions<never, never>, 'isReady'> {
  readonly isClosing: () => boolean;
}

/** What is asked about the server by whoever starts, stops and balances it. Nobody needs a token for that. */
export function healthRoutes(app: FastifyInstance, { isReady, isClosing }: HealthOptions): void {
  app.get('/healthz', (_, reply) => reply.send({ status: 'ok' }));
  app.get('/readyz', async (_, reply) => {
    if (isClosing()) return reply.code(503).send({ status: 'closing' });
    // A store that cannot even be asked is a store that is not ready.
    const ready = await isReady(Deadline.in(READY_TIMEOUT_MS)).catch(() => false);
    return reply.code(ready ? 200 : 503).send({ status: ready ? 'ok' : 'unavailable' });
  });
}
