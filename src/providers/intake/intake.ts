import { type Logger } from 'pino';
import { ContactStore } from '../../contacts/contact.store';
import { MessageStore } from '../../messages/message.store';
import { type Clock } from '../../platform/clock';
import { type Database } from '../../platform/database/database';
import { type UnitOfWork } from '../../platform/database/unit-of-work';
import { type Deadline } from '../../platform/deadline';
import { FailureStore } from '../failures/failure.store';
import { ProviderStore } from '../health/provider.store';
import { type ProviderTallies } from '../health/provider-tallies';
import { type ItemResult } from '../provider.kinds';
import { RawStore } from '../raws/raw.store';
import { type Seal } from '../raws/seal';
import { type Arrival, type PlannedItem, planItems } from './arrival';
import { isAway } from './away';
import { IntakeWriter } from './intake.writer';
import { KeptRoom, NoRoom } from './kept-room';

export interface IntakeParts {
  readonly database: Database;
  readonly seal: Seal;
  readonly clock: Clock;
  readonly log: Logger;
  readonly tallies: ProviderTallies;
}

type Results = Map<number, ItemResult>;

/**
 * Takes what has come with right proof, such that nothing of it is lost: an item is stored, or was before, or is kept with
 * its request.
 *
 * All of a request is one transaction. Where that fails for a reason of its items, they are stored in halves, and these
 * again, until the guilty one stands alone and is kept. Where the store is away, nothing is claimed: the service is told
 * to send it again.
 */
export class Intake {
  private readonly writer: IntakeWriter;
  private readonly providers: ProviderStore;
  private readonly failures: FailureStore;
  private readonly database: Database;

  constructor(
    private readonly parts: IntakeParts,
    deadline?: Deadline,
    private readonly room = new KeptRoom(parts.clock),
  ) {
    const { seal } = parts;
    const database = deadline === undefined ? parts.database : parts.database.within({ deadline });
    this.database = database;
    this.writer = new IntakeWriter(
      new MessageStore(database),
      new ContactStore(database),
      new RawStore(database, seal),
      room,
      parts.log,
    );
    this.providers = new ProviderStore(database);
    this.failures = new FailureStore(database, seal);
  }

  /** The same for work that has to be done by then. */
  by(deadline: Deadline): Intake {
    return new Intake(this.parts, deadline, this.room);
  }

  /**
   * @param items as `planItems` has made them, where planning them is not to take of the time that is left.
   * @returns what became of each item, in their order.
   * @throws Refusal where the store is away; what was stored by then is known when it comes again.
   */
  async take(arrival: Arrival, items = planItems(arrival)): Promise<readonly ItemResult[]> {
    const results = await this.whole(arrival, items).catch(async (error: unknown) => {
      // Without room for what cannot be taken, the others are stored all the same.
      if (isAway(error) && !(error instanceof NoRoom)) throw error;
      return this.apart(arrival, items);
    });
    this.parts.tallies.add(arrival.provider.id, 'duplicates', countOf(results, 'known'));
    return inOrder(items, results);
  }

  /** Keeps a request that holds nothing that can be read. */
  async keep(arrival: Arrival, reason: string): Promise<void> {
    await this.database.write(unit => this.set(unit, arrival, reason));
  }

  /** Stores what can be stored and keeps nothing: what is replayed is kept already. */
  async retake(arrival: Arrival): Promise<readonly ItemResult[]> {
    const items = planItems(arrival);
    const results = await this.inHalves(arrival, items);
    return inOrder(items, results);
  }

  /** Does all that `take` does, and takes it back. */
  async rehearse(arrival: Arrival): Promise<readonly ItemResult[]> {
    const items = planItems(arrival);
    try {
      await this.database.write(async unit => {
        throw new Rehearsed(await this.storeAll(unit, arrival, items));
      });
    } catch (error) {
      if (error instanceof Rehearsed) return inOrder(items, error.results);
      if (isAway(error)) throw error;
    }
    return inOrder(items, new Map(items.map(item => [item.index, refusedBy(item)])));
  }

  private whole(arrival: Arrival, items: readonly PlannedItem[]): Promise<Results> {
    return this.database.write(unit => this.storeAll(unit, arrival, items));
  }

  private async storeAll(
    unit: UnitOfWork,
    arrival: Arrival,
    items: readonly PlannedItem[],
  ): Promise<Results> {
    const results = await this.store(unit, arrival, items);
    await this.set(unit, arrival, reasonOf(results, items.length));
    await this.count(unit, arrival, results);
    return results;
  }

  private async apart(arrival: Arrival, items: readonly PlannedItem[]): Promise<Results> {
    const results = await this.inHalves(arrival, items);
    await this.database.write(unit => this.set(unit, arrival, reasonOf(results, items.length)));
    return results;
  }

  private async inHalves(arrival: Arrival, items: readonly PlannedItem[]): Promise<Results> {
    if (items.length === 0) return new Map();
    try {
      return await this.database.write(async unit => {
        const results = await this.store(unit, arrival, items);
        await this.count(unit, arrival, results);
        return results;
      });
    } catch (error) {
      if (isAway(error)) throw error;
      const [first] = items;
      if (first !== undefined && items.length === 1) {
        this.tell(arrival, error);
        return new Map([[first.index, refusedBy(first)]]);
      }
      const half = Math.ceil(items.length / 2);
      const former = await this.inHalves(arrival, items.slice(0, half));
      return new Map([...former, ...(await this.inHalves(arrival, items.slice(half)))]);
    }
  }

  private async store(unit: UnitOfWork, arrival: Arrival, items: readonly PlannedItem[]): Promise<Results> {
    const readable = items.filter(item => 'mended' in item);
    const written = await this.writer.store(
      unit,
      arrival,
      readable.map(({ mended }) => mended),
      this.parts.clock.now(),
    );
    const results: Results = new Map(items.map(item => [item.index, refusedBy(item)]));
    readable.forEach(({ index }, at) => {
      const result = written[at];
      if (result !== undefined) results.set(index, result);
    });
    return results;
  }

  /** Sets down what is beside the messages: the request where something of it could not be taken, and how far its mailbox is read. */
  private async set(unit: UnitOfWork, arrival: Arrival, reason: string | null): Promise<void> {
    const { provider, request, position, receivedAt } = arrival;
    if (reason !== null && (await this.hasRoom(unit, arrival))) {
      const kept = { providerId: provider.id, secrets: provider.secrets };
      await this.failures.keep(unit, { ...kept, request, reason, at: receivedAt });
    }
    if (position !== null) await this.providers.move(unit, provider.id, position);
  }

  /** A mail that cannot be kept stays in its mailbox, and must not stop those behind it; a service is to come again. */
  private async hasRoom({ query }: UnitOfWork, { provider, request, position }: Arrival): Promise<boolean> {
    if (await this.room.takeForFailure(query, provider.id, request.body.length)) return true;
    const told = { provider: provider.id, position: position?.position };
    this.parts.log.error(told, 'a request cannot be kept: as much is kept of its provider as may be');
    if (position === null) throw new NoRoom();
    return false;
  }

  private async count(unit: UnitOfWork, { provider }: Arrival, results: Results): Promise<void> {
    const received = countOf(results, 'stored');
    if (received === 0) return;
    const counts = { received, duplicates: 0, refused: 0, lastReceivedAt: this.parts.clock.now() };
    await this.providers.count(unit, new Map([[provider.id, counts]]));
  }

  /** Of an error that nobody expected, nobody knows what it quotes. */
  private tell({ provider, by }: Arrival, error: unknown): void {
    const { name, code, stack = '' } = error as Error & { readonly code?: unknown };
    const frames = stack.split('\n').filter(line => /^\s+at /.test(line));
    this.parts.log.error(
      { provider: provider.id, requestId: by.requestId, failure: { name, code, frames } },
      'a message could not be stored, and is kept',
    );
  }
}

/** Carries results out of a transaction that is taken back. */
class Rehearsed extends Error {
  constructor(readonly results: Results) {
    super('The transaction was only a rehearsal.');
  }
}

const REFUSED_BY_STORE = 'the store refuses it';

function refusedBy(item: PlannedItem): ItemResult {
  return { kind: 'kept', why: 'unreadable' in item ? item.unreadable : REFUSED_BY_STORE };
}

function countOf(results: Results, kind: ItemResult['kind']): number {
  return [...results.values()].filter(result => result.kind === kind).length;
}

function inOrder(items: readonly PlannedItem[], results: Results): readonly ItemResult[] {
  return items.map(item => results.get(item.index) ?? refusedBy(item));
}

/** Why a request is kept; null where all of it is stored. */
export function reasonOf(results: ReadonlyMap<number, ItemResult>, count: number): string | null {
  const reasons = [...results].flatMap(([index, result]) => {
    if (result.kind !== 'kept') return [];
    return [count === 1 ? result.why : `message ${index}: ${result.why}`];
  });
  return reasons.length === 0 ? null : reasons.join('; ');
}
