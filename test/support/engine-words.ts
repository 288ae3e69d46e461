import { type Database } from '../../src/platform/database/database';
import { engineUnderTest } from './engine';

const onSqlite = engineUnderTest() === 'sqlite';

/** How the engine under test says that a row breaks a constraint, or what it refers to is not there. */
export const BROKEN_CONSTRAINT = onSqlite
  ? /SQLITE_CONSTRAINT|constraint failed/i
  : /violates (check|foreign key) constraint|never change|does not follow/;

/** An insert that takes the place of what is in its way, for an engine that has one. */
export const INSERT_OR_REPLACE = onSqlite ? 'insert or replace' : 'insert';

/** What a trigger of a test says, and nobody else. */
const TRIGGER_SAYS = 'refused by a trigger of the test';

/** Makes the store refuse such rows, as a rule that only this store has. */
export async function refuseRows(
  database: Database,
  event: 'insert' | 'update',
  table: string,
  condition = 'true',
): Promise<void> {
  const trigger = `create trigger refuse_rows before ${event} on ${table}`;
  const statements = onSqlite
    ? [`${trigger} when ${condition} begin select raise(abort, '${TRIGGER_SAYS}'); end`]
    : [
        `create function refuse_rows() returns trigger language plpgsql as $$ begin
          raise exception using message = '${TRIGGER_SAYS}', errcode = 'check_violation';
        end $$`,
        `${trigger} for each row when (${condition}) execute function refuse_rows()`,
      ];
  await database.write(async ({ query }) => {
    for (const statement of statements) await query(statement);
  });
}

/** Every table of the store with each of its columns. */
export function columnsOfTheStore({ read }: Database): Promise<readonly { table: string; column: string }[]> {
  return read(
    onSqlite
      ? 'select m.name as "table", c.name as "column" from sqlite_master m, pragma_table_info(m.name) c'
      : `select table_name as "table", column_name as "column" from information_schema.columns
          where table_schema = current_schema()`,
  );
}
