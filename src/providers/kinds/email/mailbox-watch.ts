import { type Logger } from 'pino';
import { Refusal } from '../../../platform/errors';
import { type MailboxSink, type RunningMailbox } from '../../mailbox.kinds';
import { type Provider } from '../../provider.kinds';
import { Backoff, type Pace } from './backoff';
import { describeFailure, isRefusedLogin } from './connection-failure.rules';
import { type EmailOptions } from './email.options';
import { ImapBox } from './imap-box';
import { MailTaker } from './mail-taker';

/**
 * Watches a mailbox until it is stopped: connects, takes what lies behind the kept position, waits to be told of more.
 * Whatever breaks, it connects anew and goes on at the kept position.
 */
export class MailboxWatch implements RunningMailbox {
  private readonly stopping = new AbortController();
  private readonly taker: MailTaker;
  private readonly connection: Backoff;
  private readonly ended: Promise<void>;
  private refusedLogins = 0;

  constructor(
    private readonly provider: Provider<EmailOptions>,
    sink: MailboxSink,
    log: Logger,
    pace: Pace,
  ) {
    const { signal } = this.stopping;
    this.taker = new MailTaker(provider, sink, log, pace, signal);
    this.connection = new Backoff(pace, signal, log, {
      trouble: 'the mailbox is out of reach, and is tried again',
      over: 'the mailbox is within reach again',
    });
    this.ended = this.run();
  }

  /** What is being stored is stored to its end. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.ended;
  }

  private isStopped(): boolean {
    return this.stopping.signal.aborted;
  }

  private async run(): Promise<void> {
    while (!this.isStopped()) {
      const { taken } = this.taker;
      try {
        await this.session();
      } catch (error) {
        if (this.isStopped()) return;
        // A connection that breaks often, and brings something each time, is no reason to wait longer and longer.
        if (this.taker.taken > taken) this.connection.reset();
        if (isRefusedLogin(error)) this.refusedLogins += 1;
        await this.connection.after(error instanceof Refusal ? 'the store is away' : describeFailure(error));
      }
    }
  }

  /** One connection, from the login until it breaks. */
  private async session(): Promise<void> {
    const { options, secrets } = this.provider;
    // While one password follows the other, either may be the right one.
    const password = secrets[this.refusedLogins % Math.max(1, secrets.length)] ?? '';
    const box = await ImapBox.open(options, password, this.stopping.signal);
    try {
      while (!this.isStopped()) {
        await this.taker.takeAll(box);
        this.connection.reset();
        await box.news(options.lookEverySeconds * 1000);
      }
    } finally {
      box.close();
    }
  }
}
