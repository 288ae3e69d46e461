import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Database } from '../../src/platform/database/database';
import { newPlace, openDatabaseAt } from '../support/engine';
import { writerFaults } from './writer-faults';

const faults = writerFaults();
let database: Database;
let remove: () => Promise<void>;
beforeAll(async () => {
  const place = await newPlace();
  remove = () => place.remove();
  database = await openDatabaseAt(place.databaseUrl);
});
afterAll(async () => {
  await database.close();
  await remove();
  faults.remove();
});

const NAMES = ['one', 'two', 'three', 'four', 'five'];
const INSERT = `insert into idempotency_keys (owner, key, operation, input_hash, outcome, created_at)
  values (?, ?, '', '', '', 0)`;

// begin, insert, then a savepoint and an insert for each write that shares the transaction.
test.each([3, 5, 7, 9])(
  'a write whose savepoint cannot be made takes none along that was acknowledged: statement %i',
  async n => {
    // On a machine so slow that fewer share a transaction it is another statement, or none; what holds is the same.
    faults.failAt(n, { code: 'SQLITE_NOMEM' });
    const owner = `statement ${String(n)}`;
    const outcomes = await Promise.allSettled(
      NAMES.map(name => database.write(({ query }) => query(INSERT, [owner, name]))),
    );
    faults.stop();
    const acknowledged = NAMES.filter((_, index) => outcomes[index]?.status === 'fulfilled');
    const stored = await database.read<{ key: string }>('select key from idempotency_keys where owner = ?', [
      owner,
    ]);
    expect(stored.map(({ key }) => key).sort()).toEqual([...acknowledged].sort());
  },
);
