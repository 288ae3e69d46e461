import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { DataSource } from 'typeorm';
import { model, openStore } from '../../../src/model';
import { systemClock } from '../../../src/platform/clock';
import { placeOf } from '../../../src/platform/database/place';
import { migrateFile } from '../../../src/platform/database/migrate-file';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'heliograph-file-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('the file of a store', () => {
  test('is made for its owner alone, with its folder', async () => {
    const file = join(folder, 'data', 'store.sqlite');
    const database = await openStore(placeOf(`sqlite:${file}`), systemClock);
    expect(database.isNew).toBe(true);
    const modes = [join(folder, 'data'), file, `${file}-wal`].map(path => statSync(path).mode & 0o777);
    await database.close();
    expect(modes).toEqual([0o700, 0o600, 0o600]);
    const again = await openStore(placeOf(`sqlite:${file}`), systemClock);
    expect(again.isNew).toBe(false);
    await again.close();
  });

  test('that is a database of another program is refused, and left as it is', async () => {
    const file = join(folder, 'other.sqlite');
    const other = await new DataSource({ type: 'sqlite', database: file }).initialize();
    await other.query('create table messages (a)');
    const bytes = readFileSync(file);
    await expect(migrateFile(file, model)).rejects.toThrow(/another program/);
    await expect(openStore(placeOf(`sqlite:${file}`), systemClock)).rejects.toThrow(/another program/);
    const tables = await other.query<{ name: string }[]>('select name from sqlite_master');
    await other.destroy();
    expect(tables).toEqual([{ name: 'messages' }]);
    expect(readFileSync(file).equals(bytes)).toBe(true);
  });

  test('is made once, even by several that open it at the same moment', async () => {
    const file = join(folder, 'store.sqlite');
    const opened = await Promise.all(
      Array.from({ length: 4 }, () => openStore(placeOf(`sqlite:${file}`), systemClock)),
    );
    for (const database of opened) {
      expect(await database.isReady()).toBe(true);
      await database.close();
    }
  });
});
