import { type MigrationInterface } from 'typeorm';
import { Messages1763700000000 } from './migrations/1763700000000-messages';
import { Tokens1763700100000 } from './migrations/1763700100000-tokens';
import { IdempotencyKeys1763700200000 } from './migrations/1763700200000-idempotency-keys';
import { AuditEntries1763700300000 } from './migrations/1763700300000-audit-entries';
import { ListIndexes1763700400000 } from './migrations/1763700400000-list-indexes';
import { SearchIndex1763700500000 } from './migrations/1763700500000-search-index';
import { Contacts1763700600000 } from './migrations/1763700600000-contacts';
import { AuditProviders1763700700000 } from './migrations/1763700700000-audit-providers';
import { Intake1763700800000 } from './migrations/1763700800000-intake';

/** The migrations of a store on PostgreSQL in their order, named as those of SQLite that make the same. */
export const postgresMigrations: readonly (new () => MigrationInterface)[] = [
  Messages1763700000000,
  Tokens1763700100000,
  IdempotencyKeys1763700200000,
  AuditEntries1763700300000,
  ListIndexes1763700400000,
  SearchIndex1763700500000,
  Contacts1763700600000,
  AuditProviders1763700700000,
  Intake1763700800000,
];
