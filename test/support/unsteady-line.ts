import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A way to a server that breaks. */
export interface UnsteadyLine {
  readonly port: number;
  /** Connections so far. */
  readonly connections: () => number;
  /** Breaks all that are open. */
  cut(): void;
  close(): Promise<void>;
}

/**
 * Passes on what client and server say, until it is told to break.
 * @param breaks asked with each piece that the server says, and how many bytes that makes on this connection.
 */
export async function unsteadyLine(
  target: number,
  breaks: (piece: Buffer, bytes: number) => boolean = () => false,
): Promise<UnsteadyLine> {
  const open = new Set<Socket>();
  let connections = 0;
  const server = createServer(client => {
    connections += 1;
    const behind = connect(target, '127.0.0.1');
    const end = (): void => {
      for (const socket of [client, behind]) {
        socket.destroy();
        open.delete(socket);
      }
    };
    for (const socket of [client, behind]) {
      open.add(socket);
      socket.on('error', end).on('close', end);
    }
    let bytes = 0;
    client.pipe(behind);
    behind.on('data', piece => {
      bytes += piece.length;
      if (breaks(piece, bytes)) end();
      else client.write(piece);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const cut = (): void => {
    for (const socket of open) socket.destroy();
  };
  return {
    port: (server.address() as AddressInfo).port,
    connections: () => connections,
    cut,
    close: async () => {
      cut();
      server.close();
      await once(server, 'close');
    },
  };
}
