import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** https://www.postgresql.org/docs/current/protocol-message-formats.html: ReadyForQuery, outside of any transaction. */
const READY = Buffer.from('Z\0\0\0\x05I', 'latin1');

/** ErrorResponse as it is sent to a session that an operator ends. */
const ENDED = errorResponse('SFATAL', 'C57P01', 'Mterminating connection due to administrator command');

/** What lies between gateways and their server. */
export class Network {
  private way: 'open' | 'silent' | 'refusing' = 'open';
  private cut: 'before' | 'after' | null = null;
  private held: (() => Promise<void>) | null = null;
  private stillborn = 0;
  private readonly sockets = new Set<Socket>();
  private readonly listener = createServer(socket => this.join(socket));

  private constructor(private behind: URL) {}

  static async before(server: string): Promise<Network> {
    const network = new Network(new URL(server));
    await new Promise<void>(resolve => network.listener.listen(0, '127.0.0.1', resolve));
    return network;
  }

  /** The same database, by the way through here. */
  get url(): string {
    const url = new URL(this.behind);
    url.host = `127.0.0.1:${(this.listener.address() as AddressInfo).port}`;
    return url.href;
  }

  /** As where a cable is pulled: connections come about, and nothing passes; what is under way arrives when it is back. */
  fallSilent(): void {
    this.way = 'silent';
    for (const socket of this.sockets) socket.pause();
  }

  /** As where a firewall has forgotten its connections, and lets no new ones in. */
  refuse(): void {
    this.way = 'refusing';
    for (const socket of this.sockets) socket.resetAndDestroy();
  }

  comeBack(): void {
    this.way = 'open';
    for (const socket of this.sockets) socket.resume();
  }

  /** Another server answers from now on, as where one has taken the place of the other. */
  leadTo(server: string): void {
    this.behind = new URL(server);
    for (const socket of this.sockets) socket.destroy();
  }

  /** Cuts the connection on which the next commit comes: before the server gets it, or before its answer is passed on. */
  cutCommit(moment: 'before' | 'after'): void {
    this.cut = moment;
  }

  /** Passes the next commit on to nobody. Its connection is left standing, whatever happens behind it, until `meanwhile` is over. */
  holdCommit(meanwhile: () => Promise<void>): void {
    this.held = meanwhile;
  }

  /** Lets the next so many sessions end in the very bytes that begin them, as where an operator ends all there are. */
  endAtBirth(count: number): void {
    this.stillborn = count;
  }

  close(): void {
    this.listener.close();
    for (const socket of this.sockets) socket.destroy();
  }

  private join(near: Socket): void {
    if (this.way === 'refusing') {
      near.on('error', () => undefined).resetAndDestroy();
      return;
    }
    const far = connect(Number(this.behind.port), this.behind.hostname);
    let isCut = false;
    let isHeld = false;
    near.on('data', bytes => {
      if (this.held !== null && bytes.includes('commit')) {
        isHeld = true;
        void this.held().then(() => near.destroy());
        this.held = null;
        return;
      }
      if (this.cut !== null && bytes.includes('commit')) {
        isCut = true;
        if (this.cut === 'before') near.destroy();
        else far.write(bytes);
        this.cut = null;
        return;
      }
      far.write(bytes);
    });
    far.on('data', bytes => {
      if (isCut) near.destroy();
      else if (this.stillborn === 0 || !bytes.includes(READY)) near.write(bytes);
      else {
        this.stillborn -= 1;
        near.end(Buffer.concat([bytes, ENDED]));
      }
    });
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      this.sockets.add(one);
      one.on('error', () => undefined);
      one.on('close', () => {
        this.sockets.delete(one);
        if (!isHeld || one === near) other.destroy();
      });
      if (this.way === 'silent') one.pause();
    }
  }
}

function errorResponse(...fields: readonly string[]): Buffer {
  const body = Buffer.from(`${fields.map(field => `${field}\0`).join('')}\0`, 'latin1');
  const head = Buffer.from('E\0\0\0\0', 'latin1');
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}
