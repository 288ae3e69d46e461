import { type DataSourceOptions, type EntitySubscriberInterface } from 'typeorm';
import { type Model, writerOptions } from './platform/database/data-source';
import { migrateFile } from './platform/database/migrate-file';
import { migratePostgres } from './platform/database/postgres/migrate-postgres';
import { postgresOptions } from './platform/database/postgres/type-orm-source';
import { Messages1763700000000 } from './platform/database/migrations/1763700000000-messages';
import { Tokens1763700100000 } from './platform/database/migrations/1763700100000-tokens';
import { IdempotencyKeys1763700200000 } from './platform/database/migrations/1763700200000-idempotency-keys';
import { AuditEntries1763700300000 } from './platform/database/migrations/1763700300000-audit-entries';
import { ListIndexes1763700400000 } from './platform/database/migrations/1763700400000-list-indexes';
import { SearchIndex1763700500000 } from './platform/database/migrations/1763700500000-search-index';
import { Contacts1763700600000 } from './platform/database/migrations/1763700600000-contacts';
import { AuditProviders1763700700000 } from './platform/database/migrations/1763700700000-audit-providers';
import { Intake1763700800000 } from './platform/database/migrations/1763700800000-intake';
import { IdempotencyKey } from './platform/idempotency/idempotency-key.entity';
import { AuditEntry } from './audit/audit.entity';
import { AuditGuard } from './audit/audit.guard';
import { ApiToken } from './auth/token.entity';
import { Contact } from './contacts/contact.entity';
import { ContactGuard } from './contacts/contact.guard';
import { Message } from './messages/message.entity';
import { MessageGuard } from './messages/writes/message.guard';
import { type Clock } from './platform/clock';
import { requireWhole } from './platform/database/copy/copy-mark';
import { type CheckedTable, type CopyListener } from './platform/database/copy/copy-run';
import { copyStore } from './platform/database/copy/copy-store';
import { type Database } from './platform/database/database';
import { openSqlite } from './platform/database/open-sqlite';
import { type Place } from './platform/database/place';
import { postgresMigrations } from './platform/database/postgres/migrations';
import { openPostgres } from './platform/database/postgres/open-postgres';
import { type ReplicaOptions } from './platform/database/postgres/replicas';
import { type ServerWatch } from './platform/database/postgres/server';
import { IntakeFailure } from './providers/failures/intake-failure.entity';
import { ProviderCounter } from './providers/health/provider-counter.entity';
import { ProviderPosition } from './providers/health/provider-position.entity';
import { IntakeRaw } from './providers/raws/intake-raw.entity';
import { Schedule } from './schedules/schedule.entity';

/** What the store is made of: every entity, and every migration in its order. */
export const model: Model = {
  // A message names a contact, and a copy stores tables in this order.
  entities: [
    ApiToken,
    Contact,
    Message,
    Schedule,
    IdempotencyKey,
    AuditEntry,
    ProviderCounter,
    ProviderPosition,
    IntakeFailure,
    IntakeRaw,
  ],
  migrations: [
    Messages1763700000000,
    Tokens1763700100000,
    IdempotencyKeys1763700200000,
    AuditEntries1763700300000,
    ListIndexes1763700400000,
    SearchIndex1763700500000,
    Contacts1763700600000,
    AuditProviders1763700700000,
    Intake1763700800000,
  ],
};

const postgresModel: Model = { entities: model.entities, migrations: postgresMigrations };

/**
 * Brings a store up to date.
 * @returns the names of the migrations that were applied, in their order.
 * @throws Error when it is none of this release, or a copy that is not finished; Refusal when it cannot be reached.
 */
export async function migrateStoreAt(place: Place): Promise<readonly string[]> {
  const { file, url } = place;
  const applied = await (file === null
    ? migratePostgres(url ?? '', postgresModel)
    : migrateFile(file, model));
  const store = await requireWhole(await open(place, []));
  await store.close();
  return applied;
}

/** For TypeORM's own command line, and for the check of migrations. */
export function sourceOptions({ file, url }: Place): DataSourceOptions {
  return file === null ? postgresOptions(url ?? '', postgresModel) : writerOptions(file, model);
}

/** How a store is opened; what means nothing to its engine is left aside. */
export interface OpenOptions {
  /** Told when another file was opened in place of the one that was open. */
  readonly onReplaced?: () => void;
  /** Told when the server is gone, and when it is back. */
  readonly watch?: ServerWatch;
  /** How many connections to a server this process makes at most; 2 to 500. */
  readonly connections?: number;
  /** Servers that follow the one of the store. */
  readonly replicas?: Omit<ReplicaOptions, 'record'>;
}

/**
 * The store with its guards, as every process opens it.
 * @throws Error when it is none of this release, or a copy that is not finished; Refusal when it cannot be reached.
 */
export async function openStore(place: Place, clock: Clock, options: OpenOptions = {}): Promise<Database> {
  return requireWhole(
    await open(place, [new MessageGuard(clock), new ContactGuard(clock), new AuditGuard()], options),
  );
}

/**
 * Moves a whole store into an empty one; see `copyStore`.
 * @throws CopyError when it was not begun, or not finished.
 */
export function copyStoreAt(
  from: Place,
  to: Place,
  listener: CopyListener,
): Promise<readonly CheckedTable[]> {
  // Without guards: what is copied was written under them, and its audit entries are copied as well.
  return copyStore({ from, to, model, open: () => open(to, []), listener });
}

function open(
  { file, url }: Place,
  subscribers: readonly EntitySubscriberInterface[],
  { onReplaced, watch, connections, replicas }: OpenOptions = {},
): Promise<Database> {
  if (file !== null) return openSqlite({ file, model, onReplaced, subscribers });
  return openPostgres({
    url: url ?? '',
    watch,
    connections,
    replicas: replicas && { ...replicas, record: 'audit_entries' },
    model: postgresModel,
    subscribers,
  });
}
