import { setTimeout } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { openPostgres } from '../../../src/platform/database/postgres/open-postgres';
import { hasPgBouncer, startPgBouncer } from '../../support/pgbouncer';
import { FORGETFUL, startPostgres } from '../../support/postgres-server';
import { forLenientRequest, startReplica } from '../../support/replica';
import { newDatabase, open, postgresModel } from './databases';

(hasPgBouncer ? test : test.skip)(
  'replicas are judged, read and left alone through poolers in transaction mode as well',
  async () => {
    const server = await startPostgres({ ...FORGETFUL, synchronous_commit: 'on' });
    const replica = await startReplica(server);
    const poolers = [await startPgBouncer(server.url, 3), await startPgBouncer(replica.urlOf(server.url), 3)];
    const url = await newDatabase(server.url);
    await (await open(url)).close();
    await replica.catchUp();
    const [near, far] = [poolers[0]?.through(url) ?? '', poolers[1]?.through(replica.urlOf(url)) ?? ''];
    const news: (string | null)[] = [];
    const database = await openPostgres({
      url: near,
      model: postgresModel,
      subscribers: [],
      replicas: {
        urls: [far],
        record: 'audit_entries',
        maxLagMs: 900,
        onChange: (_replica, why) => news.push(why),
      },
    });
    const isFollowing = async (store = forLenientRequest(database)): Promise<boolean | undefined> => {
      const [row] = await store.read<{ following: boolean }>('select pg_is_in_recovery() as following');
      return row?.following;
    };
    try {
      while (news.length < 1) await setTimeout(10);
      const reads = await Promise.all(Array.from({ length: 40 }, () => isFollowing()));
      expect(new Set(reads)).toEqual(new Set([true]));
      expect(await isFollowing(database)).toBe(false);
      await replica.pause();
      await database.write(({ query }) => query('create table later (id bigint)'));
      while (news.length < 2) await setTimeout(10);
      expect(await isFollowing()).toBe(false);
      await replica.resume();
      while (news.length < 3) await setTimeout(10);
      expect(news).toEqual([null, 'it lags behind', null]);
    } finally {
      await database.close();
      for (const pooler of poolers) await pooler.stop();
      for (const each of [replica, server]) await each.remove();
    }
  },
  60_000,
);
