import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { type FetchMessageObject, type FetchQueryObject, type ImapFlow, type MailboxObject } from 'imapflow';
import { type FetchedMail, type MailHead } from './email.kinds';
import { type EmailOptions } from './email.options';
import { type BoxState } from './email.position.rules';
import { mailOfPart, outlineOf } from './text-part.rules';

const MIB = 1024 * 1024;
const CONNECT_TIMEOUT_MS = 30_000;

/** Less than half of the shortest silence after which a connection counts as dead. */
const WORD_EVERY_MS = 30_000;

/** What the server may say on one line: the UIDs of more than a million mails. */
const MAX_LINE = 16 * MIB;

/** Of a mail that is too large: as much of its text as a message could hold in any encoding. */
const MAX_TEXT = MIB;

/** How much of a mail to fetch: `start` is for one that the server does not hand out otherwise. */
export type Share = 'whole' | 'start';

/**
 * One connection to one mailbox. Every call throws when the connection breaks; a new one is opened then.
 */
export class ImapBox {
  private hasNews = false;
  private tellNews: () => void = () => undefined;
  private problem: Error | null = null;

  private constructor(
    private readonly client: ImapFlow,
    private readonly options: EmailOptions,
  ) {
    client.on('exists', () => {
      this.hasNews = true;
      this.tellNews();
    });
    // What follows is told by whatever call is under way, in vaguer words.
    client.on('error', error => (this.problem ??= error));
    client.on('close', () => this.tellNews());
  }

  /** Connects and logs in; the mailbox itself is opened by `look`. */
  static async open(options: EmailOptions, password: string, signal: AbortSignal): Promise<ImapBox> {
    signal.throwIfAborted();
    // Loaded for those who have a mailbox: it takes a tenth of a second of every start, and of every command.
    const { ImapFlow: Client } = await import('imapflow');
    const client = new Client(await clientOptions(options, password));
    const box = new ImapBox(client, options);
    const leave = (): void => client.close();
    signal.addEventListener('abort', leave);
    client.once('close', () => signal.removeEventListener('abort', leave));
    try {
      signal.throwIfAborted();
      await client.connect();
      return box;
    } catch (error) {
      client.close();
      throw box.problem ?? error;
    }
  }

  get hasIdle(): boolean {
    return this.client.capabilities.has('IDLE');
  }

  get isEncrypted(): boolean {
    return this.client.secureConnection;
  }

  /** Opens the mailbox, also once more: a server does not tell by itself that it has been made anew. */
  async look(): Promise<BoxState & { readonly mails: number }> {
    this.hasNews = false;
    const { markSeen, mailbox } = this.options;
    const box = await this.client.mailboxOpen(mailbox, { readOnly: !markSeen });
    return { uidValidity: String(box.uidValidity), lastUid: await this.lastUid(box), mails: box.exists };
  }

  /** UIDs above that one, ascending. */
  async uidsAfter(uid: number): Promise<readonly number[]> {
    const found = await this.answer(this.client.search({ uid: `${uid + 1}:*` }, { uid: true }));
    if (!Array.isArray(found)) throw this.problem ?? new Error('The server does not search.');
    // `*` is the last mail, even where its UID is below the first.
    return found.filter(one => one > uid);
  }

  /** How many mails nobody has read. */
  async unseen(): Promise<number> {
    const found = await this.answer(this.client.search({ seen: false }, { uid: true }));
    return Array.isArray(found) ? found.length : 0;
  }

  /** When the mail with the highest UID arrived; null where there is none, or the server does not say. */
  async newestArrival(): Promise<Date | null> {
    const newest = await this.answer(this.client.fetchOne('*', { uid: true, internalDate: true }));
    return newest ? validDate(newest.internalDate) : null;
  }

  /** What the server says of these mails; those that are gone meanwhile are missing. */
  async heads(uids: readonly number[]): Promise<readonly MailHead[]> {
    const query = { uid: true, size: true, flags: true, internalDate: true };
    const found = await this.answer(this.client.fetchAll(uids.join(','), query, { uid: true }));
    return found
      .map(({ uid, size = 0, flags, internalDate }) => ({
        uid,
        size,
        isSeen: flags?.has('\\Seen') ?? false,
        receivedAt: validDate(internalDate),
      }))
      .toSorted((one, other) => one.uid - other.uid);
  }

  /** @returns null where it is gone meanwhile. */
  async fetch(head: MailHead, share: Share): Promise<FetchedMail | null> {
    if (share === 'start') return this.fetchStart(head);
    return head.size > this.options.maxBytes ? this.fetchText(head) : this.fetchWhole(head);
  }

  async markSeen(uid: number): Promise<void> {
    await this.answer(this.client.messageFlagsAdd(String(uid), ['\\Seen'], { uid: true }));
  }

  /** Waits until the server tells of something new, at most so long; throws when the connection breaks. */
  async news(withinMs: number): Promise<void> {
    const enough = new AbortController();
    const told = new Promise<void>(resolve => (this.tellNews = resolve));
    // It lasts until the next command, or as long as the connection, of whose end the close event tells.
    if (this.hasIdle) void this.client.idle().catch(() => undefined);
    if (!this.hasNews && !this.client.isClosed) {
      const timer = delay(withinMs, undefined, { signal: enough.signal }).catch(() => undefined);
      await Promise.race([told, timer]);
      enough.abort();
    }
    this.requireOpen();
  }

  /**
   * Waits for work that is none of the server's, and says a word to it now and then: a client that is silent for long is
   * hung up on, and the library does so by itself.
   */
  async besides<T>(work: Promise<T>): Promise<T> {
    const talk = setInterval(() => void this.client.noop().catch(() => undefined), WORD_EVERY_MS);
    try {
      return await work;
    } finally {
      clearInterval(talk);
    }
  }

  /** @throws when the connection has ended, whoever has ended it. */
  requireOpen(): void {
    if (this.client.isClosed || this.client.mailbox === false)
      throw this.problem ?? new Error('The connection is closed.');
  }

  close(): void {
    this.client.close();
  }

  /** Of a connection that has ended the library says that there is nothing, which is no word of the server's. */
  private async answer<T>(asked: Promise<T>): Promise<T> {
    const answered = await asked;
    this.requireOpen();
    return answered;
  }

  private fetchOne(uid: number, query: FetchQueryObject): Promise<FetchMessageObject | false | undefined> {
    return this.answer(this.client.fetchOne(String(uid), query, { uid: true }));
  }

  private async fetchWhole(head: MailHead): Promise<FetchedMail | null> {
    // The server may be wrong about the size; more than this is not asked for.
    const { maxBytes } = this.options;
    const query = { source: { start: 0, maxLength: maxBytes } };
    const source = sourceOf(await this.fetchOne(head.uid, query));
    return source === null ? null : { head, source, leftOut: null };
  }

  private async fetchStart(head: MailHead): Promise<FetchedMail | null> {
    const query = { source: { start: 0, maxLength: MAX_TEXT } };
    const source = sourceOf(await this.fetchOne(head.uid, query));
    return source === null ? null : { head, source, leftOut: source.length < head.size ? [] : null };
  }

  /** The text alone, as a mail of its own, and the names of what is left out. */
  private async fetchText(head: MailHead): Promise<FetchedMail | null> {
    const outlined = await this.fetchOne(head.uid, { bodyStructure: true });
    if (!outlined) return null;
    const { text, files } =
      outlined.bodyStructure === undefined ? NOTHING_KNOWN : outlineOf(outlined.bodyStructure);
    if (text === null) {
      const start = await this.fetchStart(head);
      return start === null ? null : { ...start, leftOut: files };
    }
    const bodyParts = [`${text}.MIME`, { key: text, start: 0, maxLength: MAX_TEXT }];
    const found = await this.fetchOne(head.uid, { headers: true, bodyParts });
    if (!found || found.headers === undefined) return null;
    const part = (key: string): Buffer => found.bodyParts?.get(key) ?? EMPTY;
    return { head, source: mailOfPart(found.headers, part(`${text}.mime`), part(text)), leftOut: files };
  }

  /** A server may keep the next UID to itself. */
  private async lastUid({ uidNext, exists }: MailboxObject): Promise<number> {
    if (uidNext > 0) return uidNext - 1;
    if (exists === 0) return 0;
    const last = await this.answer(this.client.fetchOne('*', { uid: true }));
    return last ? last.uid : 0;
  }
}

const EMPTY = Buffer.alloc(0);
const NOTHING_KNOWN = { text: null, files: [] };

async function clientOptions(
  options: EmailOptions,
  password: string,
): Promise<ConstructorParameters<typeof ImapFlow>[0]> {
  const { host, tls, ca, tlsInsecure, user, maxBytes, lookEverySeconds } = options;
  return {
    host,
    port: options.port ?? (tls === true ? 993 : 143),
    secure: tls === true,
    // Left out, the library would take TLS where it is offered, and go without where somebody in between hides it.
    ...(tls === true ? {} : { doSTARTTLS: tls === 'starttls' }),
    tls: { rejectUnauthorized: !tlsInsecure, ...(ca === undefined ? {} : { ca: await readFile(ca) }) },
    auth: { user, pass: password },
    // It logs commands and answers, which hold addresses.
    logger: false,
    disableAutoIdle: true,
    connectionTimeout: CONNECT_TIMEOUT_MS,
    // A look breaks the silence in time; a connection that is silent for longer is dead.
    socketTimeout: (lookEverySeconds + 60) * 1000,
    maxLineLength: MAX_LINE,
    maxLiteralSize: maxBytes + MIB,
    maxResponseSize: maxBytes + 2 * MAX_LINE,
  };
}

function sourceOf(found: FetchMessageObject | false | undefined): Buffer | null {
  return found ? (found.source ?? null) : null;
}

function validDate(value: Date | string | undefined): Date | null {
  const date = value === undefined ? null : new Date(value);
  return date === null || Number.isNaN(date.getTime()) ? null : date;
}
