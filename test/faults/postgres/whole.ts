import { expect } from '@jest/globals';
import { Client } from 'pg';
import { type Answer } from './client';
import { type Load } from './load';

/**
 * Within which a caller is told that the store is away, and after whose return everything goes on, in milliseconds. The
 * promises are 2 s and 5 s, and on a machine with nothing else to do about 1 s is seen; here load, gateways and server
 * share it with other tests, and whatever else runs: these bounds tell a promise that is broken from a machine that is busy.
 */
export const TOLD_WITHIN_MS = 2_000 * 4;
export const BACK_WITHIN_MS = 5_000 * 6;

/**
 * After a load is over: what was acknowledged is in the store, once and as it was answered, and since a load repeats
 * every write until it is acknowledged, that is all there is. No write is there in part: neither some messages of a batch,
 * nor a message without its audit entries or its key.
 */
export async function expectWhole(url: string, load: Load): Promise<void> {
  expect(load.untrue).toEqual([]);
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const pieces = await client.query<{ postId: string; ids: readonly string[] }>(
      'select post_id as "postId", array_agg(id::text order by id) as ids from messages group by post_id',
    );
    const stored = new Map(pieces.rows.map(({ postId, ids }) => [postId, ids]));
    expect(load.pieces.filter(({ postId, ids }) => String(stored.get(postId)) !== String(ids))).toEqual([]);

    const versions = await client.query<{ id: string; version: string }>('select id, version from messages');
    const changes = new Map(versions.rows.map(({ id, version }) => [id, Number(version) - 1]));
    expect(load.moved.filter(each => changes.get(each.id) !== each.changes)).toEqual([]);

    // Each version of each message was recorded in the transaction that made it.
    const unrecorded = await client.query(
      `select messages.id, messages.version, count(entry.id), max(entry.version) from messages
        left join audit_entries as entry on entry.message_id = messages.id
        group by messages.id having count(entry.id) <> messages.version
          or count(distinct entry.version) <> messages.version or max(entry.version) <> messages.version`,
    );
    expect(unrecorded.rows).toEqual([]);
    const keys = await client.query('select key from idempotency_keys where key = any ($1)', [load.keys]);
    expect(keys.rows).toHaveLength(load.keys.length);
  } finally {
    await client.end();
  }
}

/** Every answer is a good one, or says that the store is away and when to come back; and none was long in coming. */
export function expectHonest(answers: readonly Answer[]): void {
  expect(outline(answers.filter(answer => !isGood(answer) && !isSettledLater(answer)))).toEqual([]);
  expect(outline(answers.filter(({ tookMs }) => tookMs > TOLD_WITHIN_MS))).toEqual([]);
}

export function isGood({ status, code }: Answer): boolean {
  return status === 200 && code === null;
}

/** One line for each, without what was answered. */
export function outline(answers: readonly Answer[]): readonly string[] {
  return answers.map(
    ({ status, code, tookMs, isRepeated }) =>
      `${status} ${code ?? ''} in ${Math.round(tookMs)} ms${isRepeated ? ', repeated' : ''}`,
  );
}

export function shareOfGood(answers: readonly Answer[]): number {
  return answers.filter(isGood).length / answers.length;
}

function isSettledLater({ status, code, retryAfter, isRepeated }: Answer): boolean {
  if (status === 503) return code === 'DATABASE_UNAVAILABLE' && /^[1-9]\d*$/.test(retryAfter ?? '');
  // The transaction of a first try may still be open on the server, whose end of the connection learns nothing.
  return isRepeated && code === 'CONFLICT';
}
