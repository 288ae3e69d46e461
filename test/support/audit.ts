import { type Database } from '../../src/platform/database/database';

/** An audit entry as it lies in the store. */
export interface AuditRow {
  readonly id: number;
  readonly actor: string;
  readonly token_id: number | null;
  readonly request_id: string | null;
  readonly action: string;
  readonly message_id: number;
  readonly version: number;
  readonly at: number;
  readonly changes: string;
}

/** What was recorded while something was done. */
export async function recorded(
  database: Database,
  work: () => Promise<unknown>,
): Promise<readonly AuditRow[]> {
  const [last] = await database.read<{ id: number | null }>('select max(id) id from audit_entries');
  await work();
  return database.read<AuditRow>('select * from audit_entries where id > ? order by id', [last?.id ?? 0]);
}

/** Entries in short: action, message and version, and each change as a text. */
export function outlineOf(rows: readonly AuditRow[]): readonly (readonly unknown[])[] {
  return rows.map(({ action, message_id, version, changes }) => [
    ...[action, message_id, version],
    ...(JSON.parse(changes) as { field: string; from: unknown; to: unknown }[]).map(
      ({ field, from, to }) => `${field}: ${JSON.stringify(from)} → ${JSON.stringify(to)}`,
    ),
  ]);
}
