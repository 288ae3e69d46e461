import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EntitySubscriberInterface } from 'typeorm';
import { model } from '../../src/model';
import { type Database } from '../../src/platform/database/database';
import { openSqlite } from '../../src/platform/database/open-sqlite';
import { placeOf } from '../../src/platform/database/place';
import { postgresMigrations } from '../../src/platform/database/postgres/migrations';
import { openPostgres } from '../../src/platform/database/postgres/open-postgres';
import { administer, currentRun, newDatabaseName, urlOf } from './postgres-databases';

declare const ENGINE_UNDER_TEST: 'sqlite' | 'postgres';

/** The engine of the Jest project that this file runs in (jest.config.js, test/engines.js). */
export function engineUnderTest(): 'sqlite' | 'postgres' {
  return ENGINE_UNDER_TEST;
}

/** Where a store of its own lies, on the engine under test: nothing is in it but, on PostgreSQL, the tables. */
export interface TestPlace {
  /** For DATABASE_URL. */
  readonly databaseUrl: string;
  /** Removes the store; whoever has it open is shut out. */
  remove(): Promise<void>;
}

export function newPlace(): Promise<TestPlace> {
  return engineUnderTest() === 'sqlite' ? Promise.resolve(newFolder()) : copyTemplate();
}

/** The store at an address, whichever engine that names, past the guards that are not given. */
export function openDatabaseAt(
  databaseUrl: string,
  subscribers: readonly EntitySubscriberInterface[] = [],
): Promise<Database> {
  const { file } = placeOf(databaseUrl);
  if (file !== null) return openSqlite({ file, model, subscribers });
  const { entities } = model;
  return openPostgres({
    url: databaseUrl,
    model: { entities, migrations: postgresMigrations },
    subscribers,
  });
}

function newFolder(): TestPlace {
  const folder = mkdtempSync(join(tmpdir(), 'heliograph-test-'));
  return {
    databaseUrl: `sqlite:${join(folder, 'store.sqlite')}`,
    remove: () => {
      rmSync(folder, { recursive: true });
      return Promise.resolve();
    },
  };
}

/** Copying the files of a database takes a tenth of what its migrations take. */
async function copyTemplate(): Promise<TestPlace> {
  const { url, template } = currentRun();
  const name = newDatabaseName();
  await administer(url, `create database ${name} template ${template}`);
  return {
    databaseUrl: urlOf(url, name),
    remove: () => administer(url, `drop database ${name} with (force)`),
  };
}
