import { connect } from 'node:net';
import { type Client } from 'pg';

/** What a client learns of its session at its start; the driver keeps it, and its types do not tell. */
interface SessionKey {
  readonly processID: number | null;
  readonly secretKey: number | null;
}

/** https://www.postgresql.org/docs/current/protocol-message-formats.html, CancelRequest */
const CANCEL_REQUEST = 80877102;
const CANCEL_REQUEST_BYTES = 16;

/**
 * How long it may take until the request has been dealt with, in milliseconds: longer than a pooler keeps one that it
 * cannot pass on (`cancel_wait_timeout` of PgBouncer, 10 s).
 */
const TIMEOUT_MS = 15_000;

/**
 * Asks the server to end what a client is running, by the protocol's own request: it needs no connection of the pool, and
 * a pooler between passes it on to whichever server process does the work. Whether it comes in time nobody says.
 */
export function requestCancel(client: Client): void {
  const { processID, secretKey } = client as unknown as SessionKey;
  if (processID === null || secretKey === null) return;
  const request = Buffer.alloc(CANCEL_REQUEST_BYTES);
  request.writeInt32BE(CANCEL_REQUEST_BYTES, 0);
  request.writeInt32BE(CANCEL_REQUEST, 4);
  request.writeInt32BE(processID, 8);
  request.writeInt32BE(secretKey, 12);
  const isPath = client.host.startsWith('/');
  const socket = connect(
    isPath ? { path: `${client.host}/.s.PGSQL.${client.port}` } : { host: client.host, port: client.port },
    // The other side hangs up when it has dealt with it. Whoever does so first makes PgBouncer 1.18 fall over.
    () => socket.write(request),
  );
  socket.on('error', () => undefined);
  socket.resume();
  socket.setTimeout(TIMEOUT_MS, () => socket.destroy());
  socket.unref();
}
