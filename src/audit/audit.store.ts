import { type UnitOfWork } from '../platform/database/unit-of-work';
import { type Actor } from './actor';
import { type AuditAction, type FieldChange } from './audit.kinds';

/** One message that was written, for the record. */
export interface Written {
  readonly messageId: number;
  /** After it was written. */
  readonly version: number;
  /** Empty for a new message: it holds its values itself, and its later changes hold what they replace. */
  readonly changes: readonly FieldChange[];
}

/**
 * Records what somebody did to messages, however many they are, in one statement, through the transaction that writes
 * them; ids ascend in the order given. A plain function, because the guard has no store at hand, only a transaction.
 */
export async function record(
  { query, dialect }: Pick<UnitOfWork, 'query' | 'dialect'>,
  { kind, tokenId, requestId }: Actor,
  { action, at, written }: { action: AuditAction; at: Date; written: readonly Written[] },
): Promise<void> {
  if (written.length === 0) return;
  const rows = written.map(({ messageId, version, changes }) => [
    messageId,
    version,
    JSON.stringify(changes),
  ]);
  const cells = ['integer', 'integer', 'text'] as const;
  // What is the same for all of them crosses once: of the thousands of an import it would be half of what crosses.
  await query(
    `insert into audit_entries (at, action, actor, token_id, request_id, message_id, version, changes)
      select ?, ?, ?, ?, ?, ${cells.map((type, index) => dialect.cell('given', index, type)).join(', ')}
      from ${dialect.list('given')}`,
    [at.getTime(), action, kind, tokenId, requestId, JSON.stringify(rows)],
  );
}
