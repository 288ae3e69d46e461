import { type EntitySubscriberInterface } from 'typeorm';
import { Refusal } from '../platform/errors';
import { AuditEntry } from './audit.entity';

/** Keeps the record against whoever writes through TypeORM itself: an entry comes with the write that it tells of. */
export class AuditGuard implements EntitySubscriberInterface<AuditEntry> {
  listenTo(): typeof AuditEntry {
    return AuditEntry;
  }

  beforeInsert(): void {
    throw new Refusal('BAD_USER_INPUT', 'An audit entry is not made by itself: writing a message makes one.');
  }

  beforeUpdate(): void {
    throw new Refusal('BAD_USER_INPUT', 'An audit entry never changes.');
  }

  beforeRemove(): void {
    throw new Refusal('BAD_USER_INPUT', 'An audit entry is never deleted.');
  }

  beforeSoftRemove(): void {
    this.beforeRemove();
  }
}
