import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import * as engines from './engines.js';

const { POSTGRES_ONLY, SQLITE_ONLY, STORELESS } = engines;

/** A module through which a test opens a store on the engine under test. */
const OPENS = /^support\/(engine|gateway|services|store|transfer)$/;
/** What names SQLite, or opens its file without asking which engine is under test. */
const SQLITE = /\bsqlite:|from 'sqlite3'|type: 'sqlite'|\b(openSqlite|openApp)\(/;

const files = readdirSync(__dirname, { recursive: true, encoding: 'utf8' })
  .filter(name => name.endsWith('.test.ts'))
  .map(name => name.split(sep).join('/'));

const isIn = (list: readonly string[], file: string): boolean =>
  list.some(name => file === name || (name.endsWith('/') && file.startsWith(name)));

describe('test/engines.js', () => {
  test.each([...SQLITE_ONLY, ...STORELESS])('names what there is: %s', name => {
    expect(existsSync(join(__dirname, name))).toBe(true);
  });

  test('says it where a file runs on both engines, but opens no store on the one under test', () => {
    const both = files.filter(file => !isIn([...POSTGRES_ONLY, ...SQLITE_ONLY, ...STORELESS], file));
    expect(both.filter(file => !modulesOf(file).some(module => OPENS.test(module)))).toEqual([]);
  });

  test('says it where a file runs on both engines, but opens a store of SQLite by itself', () => {
    const both = files.filter(file => !isIn([...POSTGRES_ONLY, ...SQLITE_ONLY, ...STORELESS], file));
    expect(both.filter(file => modulesOf(file).some(opensSqlite))).toEqual([]);
  });

  test('says it where a file opens a store, but runs once as one that opens none', () => {
    const storeless = files.filter(file => isIn(STORELESS, file) && file !== 'engines.test.ts');
    expect(storeless.filter(file => modulesOf(file).some(module => OPENS.test(module)))).toEqual([]);
  });
});

function opensSqlite(module: string): boolean {
  return !module.startsWith('support/') && SQLITE.test(readFileSync(join(__dirname, `${module}.ts`), 'utf8'));
}

/** A test file and all that it imports from the tests, near and far, without `.ts`. */
function modulesOf(file: string, found = new Set<string>()): readonly string[] {
  const module = file.replace(/\.ts$/, '');
  found.add(module);
  const path = join(__dirname, `${module}.ts`);
  for (const [, target = ''] of readFileSync(path, 'utf8').matchAll(/from '(\.[^']+)'/g)) {
    const next = relative(__dirname, join(dirname(path), target))
      .split(sep)
      .join('/');
    if (!next.startsWith('..') && !found.has(next) && existsSync(join(__dirname, `${next}.ts`)))
      modulesOf(next, found);
  }
  return [...found];
}
