import { type Database } from '../../platform/database/database';
import { givenRows } from '../../platform/database/given-rows';
import { type UnitOfWork } from '../../platform/database/unit-of-work';
import { type Position } from '../mailbox.kinds';
import { ProviderCounter } from './provider-counter.entity';

/** What is added to a provider's counters. */
export interface Counts {
  readonly received: number;
  readonly duplicates: number;
  readonly refused: number;
  /** Null where nothing was received. */
  readonly lastReceivedAt: Date | null;
}

/** What the store remembers of providers: how much has come, and how far their mailboxes were read. */
export class ProviderStore {
  constructor(private readonly database: Database) {}

  async counters(): Promise<ReadonlyMap<string, ProviderCounter>> {
    const { read } = this.database;
    const rows = await this.database.table(ProviderCounter).select(read, 'from provider_counters');
    return new Map(rows.map(row => [row.providerId, row]));
  }

  /** Adds to what all gateways have counted. On PostgreSQL a provider's row is held until the transaction ends: it comes last there. */
  async count({ query, dialect }: UnitOfWork, counts: ReadonlyMap<string, Counts>): Promise<void> {
    // In one order, so that of two gateways one waits for the other, and never both.
    const ids = [...counts.keys()].sort();
    const rows = ids.map(id => {
      const { received = 0, duplicates = 0, refused = 0, lastReceivedAt = null } = counts.get(id) ?? {};
      return [id, received, duplicates, refused, lastReceivedAt?.getTime() ?? null];
    });
    const { cells, list, parameters } = givenRows(dialect, COUNTER_COLUMNS, rows);
    await query(
      `insert into provider_counters (provider_id, received, duplicates, refused, last_received_at)
        select ${cells.join(', ')} from ${list} where true
        on conflict (provider_id) do update set received = provider_counters.received + excluded.received,
          duplicates = provider_counters.duplicates + excluded.duplicates,
          refused = provider_counters.refused + excluded.refused,
          last_received_at = case
            when provider_counters.last_received_at > excluded.last_received_at or excluded.last_received_at is null
            then provider_counters.last_received_at else excluded.last_received_at end`,
      parameters,
    );
  }

  async position(providerId: string, place: string): Promise<string | null> {
    const [row] = await this.database.readFresh<{ position: string }>(
      'select position as "position" from provider_positions where provider_id = ? and place = ?',
      [providerId, place],
    );
    return row?.position ?? null;
  }

  async move({ query }: UnitOfWork, providerId: string, { place, position }: Position): Promise<void> {
    await query(
      `insert into provider_positions (provider_id, place, position) values (?, ?, ?)
        on conflict (provider_id, place) do update set position = excluded.position`,
      [providerId, place, position],
    );
  }
}

const COUNTER_COLUMNS = [
  { type: 'text' },
  { type: 'integer' },
  { type: 'integer' },
  { type: 'integer' },
  { type: 'integer' },
] as const;
