import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type ServerLook } from '../../../src/platform/database/postgres/server-looks';
import { WriteHistory } from '../../../src/platform/database/postgres/write-history';

const LOOK: ServerLook = {
  ...{ identity: 'one', table: 1, instance: 'first start', newestEntry: 0 },
  ...{ lastId: 0, writing: new Set(), position: 0n },
};

/**
 * A server, step by step: a transaction locks the record and gives ids, its commit is logged, then its lock is released.
 * A look takes three steps of its own, between which everything else may happen.
 */
class Server {
  readonly history = new WriteHistory(Infinity);
  readonly committed: { readonly id: number; readonly position: bigint }[] = [];
  position = 0n;
  private lastId = 0;
  private readonly running = new Map<number, { readonly ids: number[]; isLogged: boolean }>();
  private look: Partial<ServerLook> = {};

  write(transaction: number): void {
    const ids = this.running.get(transaction)?.ids ?? [];
    if (this.running.get(transaction)?.isLogged === true) return;
    ids.push((this.lastId += 1));
    this.running.set(transaction, { ids, isLogged: false });
  }

  log(transaction: number): void {
    const found = this.running.get(transaction);
    if (found === undefined || found.isLogged) return;
    this.position += 1n;
    for (const id of found.ids) this.committed.push({ id, position: this.position });
    found.isLogged = true;
  }

  /** Of one that has logged nothing this gives it up. */
  release(transaction: number): void {
    this.running.delete(transaction);
  }

  lookAtIds(): void {
    this.look = { lastId: this.lastId };
  }

  lookAtLocks(): void {
    if (this.look.lastId === undefined) return;
    // A number may be given again, but not to a transaction of the same server, so each has its first id in its name.
    const names = [...this.running].map(([transaction, { ids }]) => `${transaction}/${ids[0] ?? 0}`);
    this.look = { ...this.look, writing: new Set(names) };
  }

  lookAtLog(): void {
    if (this.look.writing === undefined) return;
    const newestEntry = Math.max(0, ...this.committed.map(({ id }) => id));
    this.history.add({ ...LOOK, ...this.look, position: this.position, newestEntry }, 0);
    this.look = {};
  }
}

const STEPS = ['write', 'log', 'release', 'lookAtIds', 'lookAtLocks', 'lookAtLog'] as const;

describe('the history of writes', () => {
  test('names for every position no mark beyond what lies before it, whatever happens between the looks', () => {
    let marks = 0;
    const step = fc.tuple(fc.constantFrom(...STEPS), fc.integer({ min: 1, max: 3 }));
    fc.assert(
      fc.property(fc.array(step, { minLength: 30, maxLength: 120 }), steps => {
        const server = new Server();
        const promised: { readonly mark: number; readonly position: bigint }[] = [];
        for (const [name, transaction] of steps) {
          server[name](transaction);
          for (let position = 0n; position <= server.position; position += 1n) {
            const moment = server.history.upTo(position, 0);
            if (moment !== null) promised.push({ mark: moment.mark, position });
            if (moment !== null && moment.mark > 0) marks += 1;
          }
        }
        for (const { mark, position } of promised) {
          const hidden = server.committed.filter(entry => entry.id <= mark && entry.position > position);
          expect(hidden).toEqual([]);
        }
      }),
      { numRuns: 300 },
    );
    expect(marks).toBeGreaterThan(0);
  });

  test('knows no moment before one at which all that had an id was over', () => {
    const history = new WriteHistory(1_000);
    history.add({ ...LOOK, lastId: 5, writing: new Set(['a']) }, 0);
    expect(history.upTo(9n, 0)).toBeNull();
    history.add({ ...LOOK, lastId: 7, writing: new Set(['a', 'b']), position: 1n }, 10);
    expect(history.upTo(9n, 0)).toBeNull();
    history.add({ ...LOOK, lastId: 8, writing: new Set(['b']), position: 2n }, 20);
    expect(history.upTo(9n, 0)).toMatchObject({ mark: 5, position: 2n });
    expect(history.upTo(1n, 0)).toBeNull();
    expect(history.upTo(9n, 21)).toBeNull();
  });

  test('begins anew when the server has been started, or replaced by another', () => {
    const history = new WriteHistory(1_000);
    history.add({ ...LOOK, lastId: 8, position: 2n }, 0);
    expect(history.upTo(9n, 0)).toMatchObject({ mark: 8 });
    history.add({ ...LOOK, instance: 'second start', lastId: 3, writing: new Set(['a']), position: 1n }, 10);
    expect(history.upTo(9n, 0)).toBeNull();
  });

  test('says that a server lags only of the time that it knows', () => {
    const history = new WriteHistory(1_000);
    expect(history.reachesBackTo(0)).toBe(false);
    history.add({ ...LOOK, position: 5n }, 100);
    expect(history.reachesBackTo(50)).toBe(false);
    expect(history.reachesBackTo(100)).toBe(true);
    expect(history.reachesBackTo(101)).toBe(false);
  });
});
