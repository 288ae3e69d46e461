import { type Model } from './platform/database/data-source';
import { Messages1763700000000 } from './platform/database/migrations/1763700000000-messages';
import { Tokens1763700100000 } from './platform/database/migrations/1763700100000-tokens';
import { IdempotencyKeys1763700200000 } from './platform/database/migrations/1763700200000-idempotency-keys';
import { AuditEntries1763700300000 } from './platform/database/migrations/1763700300000-audit-entries';
import { IdempotencyKey } from './platform/idempotency/idempotency-key.entity';
import { AuditEntry } from './audit/audit.entity';
import { AuditGuard } from './audit/audit.guard';
import { ApiToken } from './auth/token.entity';
import { Message } from './messages/message.entity';
import { MessageGuard } from './messages/message.guard';
import { type Clock } from './platform/clock';
import { type Database, openDatabase } from './platform/database/database';
import { Schedule } from './schedules/schedule.entity';

/** What the store is made of: every entity, and every migration in its order. */
export const model: Model = {
  entities: [ApiToken, Message, Schedule, IdempotencyKey, AuditEntry],
  migrations: [
    Messages1763700000000,
    Tokens1763700100000,
    IdempotencyKeys1763700200000,
    AuditEntries1763700300000,
  ],
};

/** The store with its guards, as every process opens it. */
export function openStore(file: string, clock: Clock, onReplaced?: () => void): Promise<Database> {
  return openDatabase({ file, model, onReplaced, subscribers: [new MessageGuard(clock), new AuditGuard()] });
}
