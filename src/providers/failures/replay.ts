import { type Clock } from '../../platform/clock';
import { type Database } from '../../platform/database/database';
import { type Arrival } from '../intake/arrival';
import { type Intake, reasonOf } from '../intake/intake';
import { type ConfiguredProvider } from '../kind';
import { type ItemResult, type RawRequest, type Reading } from '../provider.kinds';
import { type FailureStore } from './failure.store';
import { type IntakeFailure } from './intake-failure.entity';

/** What came of running a failure again. */
export interface Replayed {
  readonly id: number;
  readonly stored: number;
  /** Messages of it that the store had already. */
  readonly known: number;
  /** Why it still fails; null where nothing is left to do. */
  readonly reason: string | null;
}

export interface ReplayParts {
  readonly database: Database;
  readonly failures: FailureStore;
  readonly intake: Intake;
  readonly providers: readonly ConfiguredProvider[];
  readonly clock: Clock;
}

/**
 * Reads kept requests by the code of today, and stores what they hold. They were proven when they came, so that their secret
 * may have changed since; what is in the store already is known by its provider's id, so that any failure may be replayed
 * any number of times.
 */
export class Replay {
  constructor(private readonly parts: ReplayParts) {}

  /** @throws WrongKey; Refusal where the store is away. */
  async run(failure: IntakeFailure): Promise<Replayed> {
    const { failures, providers, intake, database, clock } = this.parts;
    const to = providers.find(({ provider }) => provider.id === failure.providerId);
    if (to === undefined) return outcome(failure, [], 'PROVIDERS_FILE names no provider of this id any more');
    const request = await failures.requestOf(failure);
    const reading = await readingOf(to, request);
    const arrival: Arrival = {
      provider: to.provider,
      by: { kind: 'PROVIDER', tokenId: null, requestId: null, providerId: to.provider.id },
      request,
      items: reading.kind === 'messages' ? reading.items : [],
      receivedAt: failure.receivedAt,
      position: null,
    };
    const results = reading.kind === 'unreadable' ? [] : await intake.retake(arrival);
    const reason =
      reading.kind === 'unreadable' ? reading.why : reasonOf(new Map(results.entries()), results.length);
    await database.write(({ query }) => failures.settle(query, failure.id, reason, clock.now()));
    return outcome(failure, results, reason);
  }
}

async function readingOf({ kind, provider }: ConfiguredProvider, request: RawRequest): Promise<Reading> {
  try {
    if ('hook' in kind) return kind.hook.read(request, provider);
    return { kind: 'messages', items: [await kind.mailbox.read(request.body, provider)] };
  } catch {
    // A kind must not throw; the others may still be read.
    return { kind: 'unreadable', why: 'it could not be read, for a fault of ours' };
  }
}

function outcome({ id }: IntakeFailure, results: readonly ItemResult[], reason: string | null): Replayed {
  const countOf = (kind: ItemResult['kind']): number => results.filter(result => result.kind === kind).length;
  return { id, stored: countOf('stored'), known: countOf('known'), reason };
}
