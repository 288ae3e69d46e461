import { type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type Socket } from 'node:net';
import { type Logger } from 'pino';
import { Tally } from './tally';

/**
 * Each connection costs a descriptor, of which the store needs some too, and memory for what it sends. One more is
 * closed unanswered: to answer it would need just the descriptor that it must not have.
 */
const MAX_CONNECTIONS = 10_000;

/** Requests of one connection that wait for their answers; clients that pipeline at all send a few at a time. */
const MAX_UNANSWERED = 16;

export function limitConnections(server: Server, log: Logger): void {
  const dropped = new Tally(log, 'connections are closed unanswered: there are too many');
  server.maxConnections = MAX_CONNECTIONS;
  server.on('drop', () => dropped.add());
}

/**
 * Cuts off whoever sends requests without reading their answers: Node reads some 1,500 requests at once, and keeps their
 * answers until they are read.
 */
export function limitPipelines(server: Server): void {
  const unanswered = new WeakMap<Socket, number>();
  server.prependListener('request', ({ socket }: IncomingMessage, answer: ServerResponse) => {
    const count = (unanswered.get(socket) ?? 0) + 1;
    unanswered.set(socket, count);
    answer.once('close', () => unanswered.set(socket, (unanswered.get(socket) ?? 1) - 1));
    if (count > MAX_UNANSWERED) socket.destroy();
  });
}
