import { type GivenColumn, givenRows } from '../platform/database/given-rows';
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
  by: Actor,
  { action, at, written }: { action: AuditAction; at: Date; written: readonly Written[] },
): Promise<void> {
  if (written.length === 0) return;
  const { kind, tokenId, requestId } = by;
  const providerId = by.kind === 'PROVIDER' ? by.providerId : null;
  const { cells, list, parameters } = givenRows(
    dialect,
    COLUMNS,
    written.map(({ messageId, version, changes }) => [
      ...[at.getTime(), action, kind, tokenId, requestId],
      ...[messageId, version, JSON.stringify(changes), providerId],
    ]),
  );
  await query(
    `insert into audit_entries (${COLUMNS.map(({ name }) => name).join(', ')}) select ${cells.join(', ')} from ${list}`,
    parameters,
  );
}

const COLUMNS: readonly (GivenColumn & { readonly name: string })[] = [
  { name: 'at', type: 'integer' },
  { name: 'action', type: 'text' },
  { name: 'actor', type: 'text' },
  { name: 'token_id', type: 'integer' },
  { name: 'request_id', type: 'text' },
  { name: 'message_id', type: 'integer' },
  { name: 'version', type: 'integer' },
  { name: 'changes', type: 'text' },
  { name: 'provider_id', type: 'text' },
];
