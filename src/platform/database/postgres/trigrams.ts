import { DatabaseError } from 'pg';
import { QueryFailedError, type QueryRunner } from 'typeorm';

/**
 * Sees to PostgreSQL's own extension for substring search, which the owner of a database may make since release 13.
 * @returns the operators of its index, with the schema in which they stand: it need not be in the search path.
 * @throws Error that tells the operator what to do where it cannot be made.
 */
export async function makeTrigramExtension(runner: QueryRunner): Promise<string> {
  try {
    await runner.query('create extension if not exists pg_trgm');
  } catch (error) {
    const cause: unknown = error instanceof QueryFailedError ? error.driverError : error;
    if (!(cause instanceof DatabaseError) || !CANNOT_BE_MADE.has(cause.code ?? '')) throw error;
    throw new Error(
      'The store needs the extension pg_trgm, which comes with PostgreSQL, and it could not be made ' +
        `(${cause.message}). Install PostgreSQL's contrib package where it is missing, and let a superuser run ` +
        '"create extension pg_trgm" in this database.',
      { cause: error },
    );
  }
  const [row] = (await runner.query(
    `select quote_ident(nspname) as schema from pg_extension join pg_namespace on pg_namespace.oid = extnamespace
      where extname = 'pg_trgm'`,
  )) as readonly { readonly schema: string }[];
  return `${row?.schema ?? 'public'}.gin_trgm_ops`;
}

/** No privilege; not installed on the server (which code says so depends on the release); not allowed here. */
const CANNOT_BE_MADE = new Set(['42501', '58P01', '0A000', '42704']);
