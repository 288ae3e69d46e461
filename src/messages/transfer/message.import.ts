import { setImmediate as turn, setTimeout as pause } from 'node:timers/promises';
import { type Actor } from '../../audit/actor';
import { record } from '../../audit/audit.store';
import { ContactMerges } from '../../contacts/contact.merges';
import { ContactStore } from '../../contacts/contact.store';
import { KnownContacts } from '../../contacts/transfer/known-contacts';
import { type Clock } from '../../platform/clock';
import { type Database } from '../../platform/database/database';
import { type UnitOfWork } from '../../platform/database/unit-of-work';
import { Refusal } from '../../platform/errors';
import { chunksOfLines, type Line } from '../../platform/lines';
import { MessageStore, type StoredState } from '../message.store';
import { admitLine, namesOf, type PreparedLine, prepareLine, type Verdict } from './admission';
import { KnownMessages } from './known-messages';

export interface ImportCounts {
  /** Messages. */
  readonly added: number;
  /** Lines whose message was in the store already. */
  readonly skipped: number;
  readonly refused: number;
  /** Of all that was added: lines that could not be known again, and would be added again. */
  readonly withoutIdentity: number;
  /** Lines of contacts, which are not among `added` and `skipped`; absent before the first. */
  readonly contacts?: ContactCounts;
}

export interface ContactCounts {
  /** New ones, and bare ones that were filled. */
  readonly added: number;
  readonly skipped: number;
}

export interface ImportOptions {
  readonly database: Database;
  readonly clock: Clock;
  /** Who imports, for the audit record. */
  readonly by: Actor;
  readonly listener: ImportListener;
}

/** What an import tells while it runs; nothing is told that has not been committed. */
export interface ImportListener {
  /** @param reason all that is wrong with the line; never holds a value that it carries. */
  refused(line: number, reason: string): void;
  /** @param bytes of the source that have been dealt with. */
  progress(counts: ImportCounts, bytes: number): void;
}

/** The store or the source failed: what `counts` says was done stays done, and no later line was looked at. */
export class ImportStopped extends Error {
  constructor(
    readonly counts: ImportCounts,
    override readonly cause: unknown,
  ) {
    super(`The import stopped before its end: ${cause instanceof Error ? cause.message : String(cause)}`);
    this.name = 'ImportStopped';
  }
}

/**
 * Longer than any line that the export writes: 65,535 characters of text and 10,000 recipients of 64 characters each
 * come to less than 3 MiB.
 */
export const MAX_LINE_BYTES = 4 * 1024 * 1024;

/**
 * A chunk is one transaction. Many lines share the cost of its commit, which waits for the disk; few enough for
 * memory to stay flat.
 */
const LIMITS = { maxLineBytes: MAX_LINE_BYTES, chunkLines: 2_000, chunkBytes: 4 * 1024 * 1024 };

/** Lines of a millisecond or less. */
const SLICE_LINES = 50;

/**
 * Another process that wants to write, a gateway that goes on serving, looks every tenth of a second whether the
 * store is free, and gives up after five seconds: between chunks alone it would hardly ever find it so.
 */
const PAUSE_MS = 110;
const PAUSE_INTERVAL_MS = 2_000;

/**
 * Loads messages of both directions from NDJSON, a chunk of lines at a time. While the database writes one chunk, the
 * next is read, checked and cleaned as far as that can be done without looking into the store.
 *
 * A line is read, then planned, and ends as one of added, skipped or refused; a bad one costs itself alone.
 * @throws ImportStopped when the store or the source fails.
 */
export async function importMessages(
  source: AsyncIterable<Uint8Array>,
  options: ImportOptions,
): Promise<ImportCounts> {
  const { clock } = options;
  const writer = new ChunkWriter(options);
  let writing = Promise.resolve();
  let pausedAt = clock.now().getTime();
  try {
    await prepareStore(options.database);
    for await (const { lines: texts, bytes } of chunksOfLines(source, LIMITS)) {
      const now = clock.now();
      const lines = await prepareLines(texts, now);
      await writing;
      if (now.getTime() - pausedAt > PAUSE_INTERVAL_MS) {
        await pause(PAUSE_MS);
        pausedAt = now.getTime();
      }
      writing = writer.write(lines, bytes);
      // It is awaited above or below; until then its failure must not count as one that nobody handles.
      writing.catch(() => undefined);
    }
    await writing;
  } catch (error) {
    await Promise.allSettled([writing]);
    throw new ImportStopped(writer.counts, error);
  }
  return writer.counts;
}

async function prepareStore(database: Database): Promise<void> {
  const { beforeManyRows } = database.dialect;
  if (beforeManyRows.length === 0) return;
  await database.write(async ({ query }) => {
    for (const statement of beforeManyRows) await query(statement);
  });
}

/** A few at a time: in between, the database is handed the next statement of the chunk that is being written. */
async function prepareLines(lines: readonly Line[], now: Date): Promise<readonly PreparedLine[]> {
  const prepared: PreparedLine[] = [];
  for (const line of lines) {
    if (prepared.length % SLICE_LINES === 0) await turn();
    prepared.push(prepareLine(line, now));
  }
  return prepared;
}

/** Writes one chunk at a time, and counts. */
class ChunkWriter {
  counts: ImportCounts = { added: 0, skipped: 0, refused: 0, withoutIdentity: 0 };
  private bytes = 0;
  private readonly store: MessageStore;
  private readonly contacts: ContactStore;
  private readonly merges: ContactMerges;

  constructor(private readonly options: ImportOptions) {
    this.store = new MessageStore(options.database);
    this.contacts = new ContactStore(options.database);
    this.merges = new ContactMerges(options.database);
  }

  /** @param bytes of the source that these lines cover; their texts are not held any longer. */
  async write(lines: readonly PreparedLine[], bytes: number): Promise<void> {
    await this.settle(lines);
    this.bytes += bytes;
    this.options.listener.progress(this.counts, this.bytes);
  }

  /** One transaction for all; if it fails for a reason of its lines, halves of it, until the guilty line stands alone. */
  private async settle(lines: readonly PreparedLine[]): Promise<void> {
    const [first] = lines;
    if (first === undefined) return;
    try {
      const verdicts = await this.options.database.write(unit => this.admit(lines, unit));
      for (const [line, verdict] of verdicts) this.count(line, verdict);
    } catch (error) {
      if (error instanceof Refusal) throw error;
      if (lines.length === 1) {
        this.count(first, { kind: 'refused', reason: `the store refuses it (${String(error)})` });
        return;
      }
      const half = Math.ceil(lines.length / 2);
      await this.settle(lines.slice(0, half));
      await this.settle(lines.slice(half));
    }
  }

  private async admit(
    lines: readonly PreparedLine[],
    unit: UnitOfWork,
  ): Promise<readonly (readonly [PreparedLine, Verdict])[]> {
    const known = await KnownMessages.namedBy(lines.flatMap(namesOf), this.store, unit.query);
    const named = lines.flatMap(line =>
      line.kind === 'contact' && line.line.issues.length === 0 ? [line.line] : [],
    );
    const contacts = await KnownContacts.namedBy(named, this.contacts, this.merges, unit.query);
    const now = this.options.clock.now();
    const verdicts: (readonly [PreparedLine, Verdict])[] = [];
    for (const line of lines) verdicts.push([line, await admitLine(line, known, contacts, now)]);
    await contacts.save(contactsOf(known.made));
    const written = known.made.map(({ id, version }) => ({ messageId: id, version, changes: [] }));
    const recording = record(unit, this.options.by, { action: 'IMPORTED', at: now, written });
    // It is awaited below; until then its failure must not count as one that nobody handles.
    recording.catch(() => undefined);
    // The database begins with the record, and is at it while the rows of the messages are made.
    await turn();
    await known.save();
    await recording;
    return verdicts;
  }

  private count({ number, kind }: PreparedLine, verdict: Verdict): void {
    const { counts } = this;
    if (verdict.kind === 'refused') {
      this.counts = { ...counts, refused: counts.refused + 1 };
      this.options.listener.refused(number, verdict.reason);
      return;
    }
    const isNew = verdict.kind === 'added';
    const more = { added: isNew ? 1 : 0, skipped: isNew ? 0 : 1 };
    const withoutIdentity = counts.withoutIdentity + (isNew && !verdict.hasIdentity ? 1 : 0);
    this.counts =
      kind === 'contact'
        ? { ...counts, withoutIdentity, contacts: sum(counts.contacts ?? { added: 0, skipped: 0 }, more) }
        : { ...counts, withoutIdentity, ...sum(counts, more) };
  }
}

function sum(one: ContactCounts, other: ContactCounts): ContactCounts {
  return { added: one.added + other.added, skipped: one.skipped + other.skipped };
}

/** Those whom messages name, with the time of which the earliest of these messages is. */
function contactsOf(messages: readonly StoredState[]): ReadonlyMap<string, Date> {
  const since = new Map<string, Date>();
  for (const { contactId, createdAt } of messages) {
    if (contactId === null) continue;
    const known = since.get(contactId) ?? createdAt;
    since.set(contactId, known < createdAt ? known : createdAt);
  }
  return since;
}
