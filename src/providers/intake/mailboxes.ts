import { type Logger } from 'pino';
import { type Clock } from '../../platform/clock';
import { type Database } from '../../platform/database/database';
import { Deadline } from '../../platform/deadline';
import { ProviderStore } from '../health/provider.store';
import { type ConfiguredProvider } from '../kind';
import { type Fetched, type MailboxKind, type MailboxSink, type RunningMailbox } from '../mailbox.kinds';
import { type Delivery, type Provider } from '../provider.kinds';
import { mailRequest } from '../raws/kept-request.rules';
import { type Arrival, planItems } from './arrival';
import { type Intake } from './intake';

export interface MailboxParts {
  readonly providers: readonly ConfiguredProvider[];
  readonly intake: Intake;
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Logger;
  /** Milliseconds that storing one mail may take. */
  readonly executionTimeoutMs: number;
}

/** The mailboxes of all providers that have one: stopped, then running, then stopped. */
export class Mailboxes {
  private running: readonly RunningMailbox[] = [];

  constructor(private readonly parts: MailboxParts) {}

  start(): void {
    const { providers, log } = this.parts;
    this.running = providers.flatMap(({ kind, provider, enabled }) => {
      if (!enabled || !('mailbox' in kind)) return [];
      return [
        kind.mailbox.start(
          provider,
          this.sinkOf(provider, kind.mailbox),
          log.child({ provider: provider.id }),
        ),
      ];
    });
  }

  async stop(): Promise<void> {
    const running = this.running;
    this.running = [];
    await Promise.all(running.map(mailbox => mailbox.stop()));
  }

  private sinkOf(provider: Provider, mailbox: Pick<MailboxKind, 'abridged'>): MailboxSink {
    const { intake, clock, executionTimeoutMs, log } = this.parts;
    const inTime = (): Intake => intake.by(Deadline.in(executionTimeoutMs));
    const arrivalOf = ({ raw, position }: Fetched, items: readonly Delivery[]): Arrival => ({
      provider,
      by: { kind: 'PROVIDER', tokenId: null, requestId: null, providerId: provider.id },
      request: mailRequest(raw),
      abridged: () => mailRequest(mailbox.abridged(raw)),
      items,
      receivedAt: clock.now(),
      position,
    });
    const store = new ProviderStore(this.parts.database);
    return {
      position: place => store.position(provider.id, place),
      async take({ delivery, ...fetched }) {
        const arrival = arrivalOf(fetched, [delivery]);
        const planned = planItems(arrival);
        const [result] = await inTime().take(arrival, planned);
        if (result === undefined) throw new Error('Nothing became of a mail.');
        if (result.kind === 'kept')
          log.warn({ provider: provider.id }, 'a mail could not be stored, and is kept');
        return result;
      },
      async keep({ why, ...fetched }) {
        await inTime().keep(arrivalOf(fetched, []), why);
        log.warn({ provider: provider.id }, 'a mail could not be read, and is kept');
      },
      pass: position => this.parts.database.write(unit => store.move(unit, provider.id, position)),
    };
  }
}
