import { type Socket } from 'node:net';
import { Client, type ClientConfig } from 'pg';

/** What the driver keeps, and its types do not tell; with TLS the stream becomes another one. */
interface Wire {
  readonly connection: {
    readonly stream: Socket;
    on(event: 'error', listener: () => void): void;
  };
}

/**
 * The driver's client, which hangs up when its connection fails. By itself it leaves that to the server where it did not
 * come about, such as for want of a password: PostgreSQL waits a minute for one, and this process would as long.
 */
export class PromptClient extends Client {
  constructor(config?: string | ClientConfig) {
    super(config);
    const { connection } = this as unknown as Wire;
    connection.on('error', () => connection.stream.destroy());
  }
}
