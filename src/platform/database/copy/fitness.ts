import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { getMetadataArgsStorage } from 'typeorm';
import { type Model } from '../data-source';
import { type Database } from '../database';
import { type Dialect } from '../dialect';
import { type Place } from '../place';
import { type Query } from '../query';
import { storeAt } from '../store-file';
import { CopyError } from './copy-error';
import { unfinishedCopy } from './copy-mark';
import { type Snapshot, withSnapshot } from './snapshot';

/** @throws CopyError unless the source is a store of this release, and whole. */
export async function requireWholeStore(source: Snapshot, model: Model): Promise<void> {
  const { applied, newer, pending } = await standingOf(source, model);
  if (applied.length === 0) throw new CopyError('The source is no store of Heliograph.');
  if (newer.length > 0) {
    throw new CopyError(
      `The source was written by a newer Heliograph (${newer.join(', ')}): copy it with that release.`,
    );
  }
  if (pending.length > 0) {
    throw new CopyError(
      `The source was written by an older Heliograph, and lacks ${pending.join(', ')}: ` +
        'run "heliograph migrate" on it with this release first.',
    );
  }
  const half = await unfinishedCopy(source.query, source.dialect);
  if (half !== null) {
    throw new CopyError(`The source holds an unfinished copy of ${half}: only a whole store can be copied.`);
  }
}

/**
 * Looks at the target before anything is made or changed there.
 * @throws CopyError when it is the source, or has rows that no unfinished copy has put there, or is the unfinished copy of
 * another release.
 */
export async function requireRoom(source: Snapshot, { from, to }: Places, model: Model): Promise<void> {
  if (to.file !== null && !existsSync(to.file)) return;
  const isSameFile = from.file !== null && to.file !== null && storeAt(from.file) === storeAt(to.file);
  if (isSameFile) throw sameStore();
  await withSnapshot('target', to, async target => {
    if (await isSameServer(source, target)) throw sameStore();
    await refuseRows(target.query, target.dialect, tableNames(model));
    const { applied, newer, pending } = await standingOf(target, model);
    if (applied.length > 0 && newer.length + pending.length > 0) await refuseUnfinished(target);
  });
}

/** @throws CopyError when there are rows in a store that holds no unfinished copy. */
export async function refuseRows(query: Query, dialect: Dialect, tables: readonly string[]): Promise<void> {
  if ((await unfinishedCopy(query, dialect)) !== null) return;
  for (const table of tables) {
    const isThere = (await query(dialect.hasTable, [table])).length > 0;
    if (!isThere || (await query(`select 1 from ${table} limit 1`)).length === 0) continue;
    throw new CopyError(
      `The target is not empty: there are rows in ${table}. A copy fills a store that has none; nothing was changed.`,
    );
  }
}

/**
 * Looks for gateways at a target whose copying is about to begin: they would go on writing into it. One that has had nothing
 * to do for a minute has no session; what it writes later is found out by the check at the end.
 * @throws CopyError when there is one.
 */
export async function refuseGateways({ read, dialect }: Database): Promise<void> {
  if (dialect.othersServing === null || (await unfinishedCopy(read, dialect)) !== null) return;
  const untilMs = performance.now() + LEAVING_MS;
  while ((await read(dialect.othersServing)).length > 0) {
    if (performance.now() > untilMs) {
      throw new CopyError(
        'The target is being served: stop every gateway that is connected to it, and wait until a pooler in between has let go of their connections. Nothing was copied.',
      );
    }
    await setTimeout(LOOK_EVERY_MS);
  }
}

/** How long, in milliseconds, the server may take to notice that those who were there have gone. */
const LEAVING_MS = 2_000;
const LOOK_EVERY_MS = 50;

export interface Places {
  readonly from: Place;
  readonly to: Place;
}

interface MigrationStanding {
  readonly applied: readonly string[];
  /** Those that this release does not know. */
  readonly newer: readonly string[];
  /** Those of this release that are missing. */
  readonly pending: readonly string[];
}

async function standingOf({ query, dialect }: Snapshot, model: Model): Promise<MigrationStanding> {
  const isStore = (await query(dialect.hasTable, ['migrations'])).length > 0;
  const rows = isStore ? await query<{ name: string }>('select name from migrations order by id') : [];
  const applied = rows.map(({ name }) => name);
  const known = model.migrations.map(({ name }) => name);
  return {
    applied,
    newer: applied.filter(name => !known.includes(name)),
    pending: known.filter(name => !applied.includes(name)),
  };
}

/** What it has set aside for its end, no migration would find. */
async function refuseUnfinished({ query, dialect }: Snapshot): Promise<void> {
  if ((await unfinishedCopy(query, dialect)) === null) return;
  throw new CopyError(
    'The target holds an unfinished copy by another release of Heliograph: finish it with that one, or empty the target.',
  );
}

/** Known without a connection, by which the target would be made or changed. */
function tableNames(model: Model): readonly string[] {
  const known = getMetadataArgsStorage();
  return model.entities.flatMap(entity => known.filterTables(entity).flatMap(({ name }) => name ?? []));
}

function sameStore(): CopyError {
  return new CopyError('The source and the target are one store; nothing was changed.');
}

/** A database has many addresses, but what one of its sessions has claimed none of the others can. */
async function isSameServer(source: Snapshot, target: Snapshot): Promise<boolean> {
  if (source.dialect.claim === null || source.dialect !== target.dialect) return false;
  const name = randomUUID();
  await source.query(source.dialect.claim, [name]);
  const [claim] = await target.query<{ free: boolean }>(source.dialect.claim, [name]);
  return claim?.free === false;
}
