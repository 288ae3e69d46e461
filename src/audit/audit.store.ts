import { type CellType } from '../platform/database/dialect';
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
    ...[at.getTime(), action, kind, tokenId, requestId],
    ...[messageId, version, JSON.stringify(changes)],
  ]);
  const values = COLUMNS.map(([, type], index) => dialect.cell('given', index, type));
  await query(
    `insert into audit_entries (${COLUMNS.map(([name]) => name).join(', ')})
      select ${values.join(', ')} from ${dialect.list('given')}`,
    [JSON.stringify(rows)],
  );
}

const COLUMNS: readonly (readonly [name: string, type: CellType])[] = [
  ['at', 'integer'],
  ['action', 'text'],
  ['actor', 'text'],
  ['token_id', 'integer'],
  ['request_id', 'text'],
  ['message_id', 'integer'],
  ['version', 'integer'],
  ['changes', 'text'],
];
