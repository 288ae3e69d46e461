import { type Logger } from 'pino';
import { Refusal } from '../../../platform/errors';
import { type Fetched, type MailboxSink } from '../../mailbox.kinds';
import { type Delivery, type Provider, type UnreadableItem } from '../../provider.kinds';
import { Backoff, type Pace } from './backoff';
import { type FetchedMail, type MailHead } from './email.kinds';
import { type EmailOptions, placeOf } from './email.options';
import {
  type BoxPosition,
  currentPosition,
  firstPosition,
  isWanted,
  NOWHERE,
  parsePosition,
  positionText,
} from './email.position.rules';
import { type ImapBox } from './imap-box';
import { readMail } from './read-mail';
import { stamped } from './stamp.rules';

/** Mails that are asked about at once; only one at a time is in memory. */
const HEADS_AT_ONCE = 100;

/** So often a mail is asked for whole, then so often its beginning, before it is left with the server. */
const FETCHES_OF_EACH = 4;

/** So often the store may fail at a mail while it takes other writes, before the mail is only kept. */
const STORE_ATTEMPTS = 5;

/**
 * Takes mails over from a box to the store, one after the other. The position moves in the transaction that stores the
 * mail: after any end before that it is fetched again, and never after it.
 */
export class MailTaker {
  /** Mails so far. */
  taken = 0;
  private readonly place: string;
  private readonly store: Backoff;
  /** The mail that could not be fetched, and how often. */
  private stuck = { uid: 0, times: 0 };

  constructor(
    private readonly provider: Provider<EmailOptions>,
    private readonly sink: MailboxSink,
    log: Logger,
    pace: Pace,
    private readonly signal: AbortSignal,
  ) {
    this.place = placeOf(provider.options);
    this.store = new Backoff(pace, signal, log, {
      trouble: 'a mail cannot be stored, and is tried again',
      over: 'mails are stored again',
    });
  }

  /** All that lies behind the kept position. Throws when the connection breaks, and ends early when stopped. */
  async takeAll(box: ImapBox): Promise<void> {
    let done = await this.begin(box);
    const uids = await box.uidsAfter(done.uid);
    for (let start = 0; start < uids.length; start += HEADS_AT_ONCE) {
      const asked = uids.slice(start, start + HEADS_AT_ONCE);
      let stored = done.uid;
      for (const head of await box.heads(asked)) {
        const behind = { ...done, uid: head.uid };
        if (isWanted(head, done, this.provider.options.from)) {
          if (await this.takeOne(box, head, done)) stored = head.uid;
          if (this.signal.aborted) return;
        }
        done = behind;
      }
      // Those that the server has not spoken of are gone; of one that no longer answers they may well be there.
      if (this.signal.aborted) return;
      box.requireOpen();
      done = { ...done, uid: Math.max(done.uid, asked.at(-1) ?? 0) };
      if (stored < done.uid) await this.pass(done);
    }
  }

  /** The position to go on from. It is kept from the first look on: what comes while nobody looks is new. */
  private async begin(box: ImapBox): Promise<BoxPosition> {
    const state = await box.look();
    const kept = await this.sink.position(this.place);
    if (kept !== null) return currentPosition(parsePosition(kept) ?? NOWHERE, state);
    const first = firstPosition(state, this.provider.options.from, await box.newestArrival());
    await this.pass(first);
    return first;
  }

  private pass(position: BoxPosition): Promise<void> {
    return this.sink.pass({ place: this.place, position: positionText(position) });
  }

  /**
   * @param before the position in front of it.
   * @returns whether the position has moved; not where the mail is gone meanwhile.
   */
  private async takeOne(box: ImapBox, head: MailHead, before: BoxPosition): Promise<boolean> {
    const mail = await this.fetch(box, head);
    if (mail === null) return false;
    const raw = stamped(mail);
    const read =
      mail.source === NOT_HANDED_OUT
        ? { unreadable: 'The server does not hand it out.' }
        : await readMail(raw, this.provider.options.address ?? null);
    const position = positionText({ ...before, uid: head.uid });
    const fetched = { raw, position: { place: this.place, position } };
    const isStored = await box.besides(this.storeOne(fetched, read, head.uid, before));
    if (isStored && this.provider.options.markSeen) await box.markSeen(head.uid);
    return isStored;
  }

  /**
   * A mail at which the server or the connection fails again and again must not hold up those behind it: less of it is
   * asked for then, and in the end nothing, so that only the word of the server remains.
   */
  private async fetch(box: ImapBox, head: MailHead): Promise<FetchedMail | null> {
    if (this.stuck.uid !== head.uid) this.stuck = { uid: head.uid, times: 0 };
    const { times } = this.stuck;
    if (times >= 2 * FETCHES_OF_EACH) return { head, source: NOT_HANDED_OUT, leftOut: [] };
    this.stuck = { uid: head.uid, times: times + 1 };
    const mail = await box.fetch(head, times < FETCHES_OF_EACH ? 'whole' : 'start');
    if (mail === null && (await box.heads([head.uid])).length > 0)
      throw new Error('It is there, and was not sent.');
    this.stuck = { uid: 0, times: 0 };
    return mail;
  }

  /** Tries until the store has it, or the watch ends. */
  private async storeOne(
    fetched: Fetched,
    read: Delivery | UnreadableItem,
    uid: number,
    before: BoxPosition,
  ): Promise<boolean> {
    for (let faults = 0; !this.signal.aborted;) {
      try {
        if ('unreadable' in read) {
          await this.sink.keep({ ...fetched, why: `${read.unreadable} (UID ${uid})` });
        } else if (faults < STORE_ATTEMPTS) {
          await this.sink.take({ ...fetched, delivery: read });
        } else {
          await this.sink.keep({ ...fetched, why: `It could not be stored. (UID ${uid})` });
        }
        this.store.reset();
        this.taken += 1;
        return true;
      } catch (error) {
        // A store that is away holds every mail; one that refuses this mail alone would hold those behind it for ever.
        if (!(error instanceof Refusal) || (await this.takesWrites(before))) faults += 1;
        await this.store.after(error instanceof Refusal ? error.code : 'the store fails at it');
      }
    }
    return false;
  }

  /** Whether the store takes the position that it has already. */
  private takesWrites(before: BoxPosition): Promise<boolean> {
    return this.pass(before).then(
      () => true,
      () => false,
    );
  }
}

/** What is kept in its place; it is no mail, so that it stays kept when it is read again. */
const NOT_HANDED_OUT = Buffer.from('The server does not hand out this mail.\r\n');
