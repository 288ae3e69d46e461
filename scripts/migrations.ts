// Says whether the migrations make exactly the tables that the entities describe. Both are made in a fresh store, and
// what SQLite has kept of their definitions is compared, letter case, quotes, white space and order aside.
// (TypeORM's own comparison reads definitions by patterns in capitals and takes anything else for missing.)
import 'reflect-metadata';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataSource } from 'typeorm';
import { model } from '../src/model';
import { writerOptions } from '../src/platform/database/data-source';

type Definitions = ReadonlyMap<string, readonly string[]>;

async function definitions(build: (source: DataSource) => Promise<unknown>): Promise<Definitions> {
  const folder = mkdtempSync(join(tmpdir(), 'heliograph-migrations-'));
  const source = await new DataSource(writerOptions(join(folder, 'store.sqlite'), model)).initialize();
  try {
    await build(source);
    const tables = source.entityMetadatas.map(({ tableName }) => `'${tableName}'`).join(', ');
    const rows = await source.query<{ name: string; sql: string }[]>(
      `select name, sql from sqlite_master where sql is not null and type in ('table', 'index') and tbl_name in (${tables})`,
    );
    return new Map(rows.map(({ name, sql }) => [name, partsOf(sql)]));
  } finally {
    await source.destroy();
    rmSync(folder, { recursive: true });
  }
}

/** The comma-separated parts of a definition, in one spelling and order. */
function partsOf(sql: string): readonly string[] {
  const text = sql
    .toLowerCase()
    .replace(/"/g, '')
    .replace(/\s+/g, ' ')
    .replaceAll(' on update no action', '');
  const parts: string[] = [''];
  let depth = 0;
  for (const letter of text) {
    depth += letter === '(' ? 1 : letter === ')' ? -1 : 0;
    if (letter === ',' && depth === 1) parts.push('');
    else parts.push(`${parts.pop() ?? ''}${letter}`);
  }
  return parts
    .map(part => part.replace(/[\s()]/g, '').replace('notnullautoincrement', 'autoincrementnotnull'))
    .sort();
}

async function main(): Promise<void> {
  const [migrated, described] = [
    await definitions(source => source.runMigrations({ transaction: 'each' })),
    await definitions(source => source.synchronize()),
  ];
  for (const name of new Set([...migrated.keys(), ...described.keys()])) {
    const [has, wants] = [migrated.get(name) ?? [], described.get(name) ?? []];
    const differing = [
      ...wants.filter(part => !has.includes(part)).map(part => `only the entity says: ${part}`),
      ...has.filter(part => !wants.includes(part)).map(part => `only the migrations say: ${part}`),
    ];
    for (const difference of differing) process.stderr.write(`${name}: ${difference}\n`);
    if (differing.length > 0) process.exitCode = 1;
  }
}

void main();
