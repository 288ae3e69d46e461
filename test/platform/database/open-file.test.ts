import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { Database } from 'sqlite3';
import { OpenFile } from '../../../src/platform/database/open-file';

let folder: string;
let writer: OpenFile;
let reader: OpenFile;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'heliograph-open-'));
  writer = await open();
  reader = await open();
  await writer.all('create table t (x)', []);
});
afterEach(async () => {
  await reader.close();
  await writer.close();
  rmSync(folder, { recursive: true });
});

function open(): Promise<OpenFile> {
  return new Promise((resolve, reject) => {
    const handle = new Database(join(folder, 'store.sqlite'), error =>
      error === null ? resolve(new OpenFile(handle)) : reject(error),
    );
  });
}

test('A statement that fails leaves nothing behind on its connection: those after it see what is there, and hold nobody up', async () => {
  await reader.all('select count(*) as n from t', []);
  await writer.all('begin exclusive', []);
  await expect(reader.all('select count(*) as n from t', [])).rejects.toThrow('SQLITE_BUSY');
  await writer.all('commit', []);
  expect(await reader.all('select count(*) as m from t', [])).toEqual([{ m: 0 }]);
  await writer.all('insert into t values (1)', []);
  expect(await reader.all('select count(*) as m from t', [])).toEqual([{ m: 1 }]);
});
