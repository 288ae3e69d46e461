import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Actor, OPERATOR } from '../../src/audit/actor';
import { type AuditAction } from '../../src/audit/audit.kinds';
import { record } from '../../src/audit/audit.store';
import { type Gateway, openGateway } from '../support/gateway';

let gateway: Gateway;
beforeAll(async () => {
  gateway = await openGateway();
  for (const { messageId } of STORY) while ((await lastId()) < messageId) await gateway.put({});
  for (const [index, { by, action, messageId, version }] of STORY.entries()) {
    await gateway.database.write(unit =>
      record(unit, by, { action, at: at(index), written: [{ messageId, version, changes: [] }] }),
    );
  }
});
afterAll(() => gateway.close());

const lastId = async () =>
  (await gateway.database.read<{ id: number | null }>('select max(id) id from messages'))[0]?.id ?? 0;

/** One entry a minute. */
const at = (minute: number) => new Date(Date.UTC(2026, 2, 1, 12, minute));

const token = (tokenId: number, requestId: string): Actor => ({ kind: 'TOKEN', tokenId, requestId });
const ADMIN: Actor = { kind: 'ADMIN', tokenId: null, requestId: 'r3' };
const ANONYMOUS: Actor = { kind: 'ANONYMOUS', tokenId: null, requestId: 'r4' };

interface Step {
  readonly by: Actor;
  readonly action: AuditAction;
  readonly messageId: number;
  readonly version: number;
}

/** What happened; an entry has the id of its place here, from 1. */
const STORY: readonly Step[] = [
  { by: OPERATOR, action: 'IMPORTED', messageId: 1, version: 1 },
  { by: token(7, 'r1'), action: 'CREATED', messageId: 2, version: 1 },
  { by: token(7, 'r1'), action: 'CHANGED', messageId: 1, version: 2 },
  { by: token(8, 'r2'), action: 'CHANGED', messageId: 1, version: 3 },
  { by: ADMIN, action: 'CHANGED', messageId: 2, version: 2 },
  { by: ANONYMOUS, action: 'CREATED', messageId: 3, version: 1 },
];

interface Entries {
  readonly nodes: readonly { readonly id: string }[];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly endCursor: string;
  };
  readonly totalCount: number;
}

const PAGE = 'nodes { id } pageInfo { hasNextPage hasPreviousPage endCursor } totalCount';
const LOG = `query ($filter: AuditFilter, $first: Int, $after: String) {
  auditLog(filter: $filter, first: $first, after: $after) { ${PAGE} }
}`;
const HISTORIES = `query ($first: Int, $after: String) {
  messages(filter: { id: [1, 2, 3] }, orderBy: { field: ID, direction: ASC }) {
    nodes { id history(first: $first, after: $after) { ${PAGE} } }
  }
}`;

const log = async (variables: object): Promise<Entries> => {
  const { data, errors } = await gateway.graphql<{ auditLog: Entries }>(LOG, variables);
  expect(errors).toBeUndefined();
  return (data as { auditLog: Entries }).auditLog;
};
const histories = async (variables: object): Promise<readonly Entries[]> => {
  const { data, errors } = await gateway.graphql<{ messages: { nodes: { history: Entries }[] } }>(
    HISTORIES,
    variables,
  );
  expect(errors).toBeUndefined();
  return data?.messages.nodes.map(({ history }) => history) ?? [];
};
const idsOf = ({ nodes }: Entries) => nodes.map(({ id }) => Number(id));

describe('auditLog', () => {
  test.each<[string, object | null, readonly number[]]>([
    ['everything, newest first', null, [6, 5, 4, 3, 2, 1]],
    ['an empty filter', {}, [6, 5, 4, 3, 2, 1]],
    ['null for every field', { messageId: null, tokenId: null, at: null, action: null }, [6, 5, 4, 3, 2, 1]],
    ['a message', { messageId: '1' }, [4, 3, 1]],
    ['messages', { messageId: ['1', '3'] }, [6, 4, 3, 1]],
    ['a token', { tokenId: 7 }, [3, 2]],
    ['tokens', { tokenId: ['7', '8'] }, [4, 3, 2]],
    ['a request', { requestId: 'r1' }, [3, 2]],
    ['requests', { requestId: ['r2', 'r3', 'unknown'] }, [5, 4]],
    ['an action', { action: 'CHANGED' }, [5, 4, 3]],
    ['actions', { action: ['IMPORTED', 'CREATED'] }, [6, 2, 1]],
    ['all actions', { action: ['IMPORTED', 'CREATED', 'CHANGED'] }, [6, 5, 4, 3, 2, 1]],
    ['an actor', { actor: 'OPERATOR' }, [1]],
    ['actors', { actor: ['ADMIN', 'ANONYMOUS'] }, [6, 5]],
    ['from a time on', { at: { gte: at(3) } }, [6, 5, 4]],
    ['before a time', { at: { lt: at(2) } }, [2, 1]],
    ['between times', { at: { gt: at(1), lte: at(3) } }, [4, 3]],
    ['no time at all', { at: { isNull: true } }, []],
    ['some time', { at: { isNull: false } }, [6, 5, 4, 3, 2, 1]],
    ['all together', { messageId: 1, tokenId: 7, requestId: 'r1', action: 'CHANGED', actor: 'TOKEN' }, [3]],
    ['together what never is', { tokenId: 7, actor: 'ADMIN' }, []],
    ['ids that name nothing', { messageId: ['x', '01', '9007199254740993', '-1'] }, []],
    ['ids of which one names something', { messageId: ['x', '3'] }, [6]],
    ['a token that is none', { tokenId: ["' or 1=1 --"] }, []],
    ['a request that cannot be', { requestId: ['\u0000', '\ud800', 'r1%'] }, []],
  ])('lists %s', async (_what, filter, expected) => {
    const page = await log({ filter });
    expect(idsOf(page)).toEqual(expected);
    expect(page.totalCount).toBe(expected.length);
    const walked: number[] = [];
    let after: string | null = null;
    do {
      const step: Entries = await log({ filter, first: 2, after });
      expect(step.pageInfo).toMatchObject({
        hasNextPage: walked.length + 2 < expected.length,
        hasPreviousPage: walked.length > 0,
      });
      walked.push(...idsOf(step));
      after = step.pageInfo.hasNextPage ? step.pageInfo.endCursor : null;
    } while (after !== null);
    expect(walked).toEqual(expected);
  });

  test.each<[string, object, readonly (readonly string[])[]]>([
    [
      'an empty list',
      { filter: { messageId: [], action: [] } },
      [
        ['filter', 'messageId'],
        ['filter', 'action'],
      ],
    ],
    [
      '501 values',
      { filter: { tokenId: Array.from({ length: 501 }, (_, i) => String(i)) } },
      [['filter', 'tokenId']],
    ],
    ['a page of none', { first: 0 }, [['first']]],
    ['a page of 501', { first: 501 }, [['first']]],
    ['a damaged cursor', { after: 'x' }, [['after']]],
    [
      'everything wrong at once',
      { first: -1, after: '', filter: { actor: [] } },
      [['filter', 'actor'], ['first'], ['after']],
    ],
  ])('refuses %s', async (_what, variables, paths) => {
    const { errors } = await gateway.graphql(LOG, variables);
    expect(errors).toHaveLength(1);
    expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
    const issues = errors?.[0]?.extensions['issues'] as readonly { path: readonly string[] }[];
    expect(issues.map(({ path }) => path)).toEqual(paths);
  });

  test('takes no cursor of a history, nor a history one of the log', async () => {
    const [first] = await histories({ first: 1 });
    const wrong = await gateway.graphql(LOG, { after: first?.pageInfo.endCursor });
    expect(wrong.errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
    const { pageInfo } = await log({ first: 1 });
    const other = await gateway.graphql(HISTORIES, { after: pageInfo.endCursor });
    expect(other.errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
  });

  test('shows every field of an entry, and the message it speaks of', async () => {
    const { data } = await gateway.graphql(
      `{ auditLog(filter: { requestId: "r2" }) {
        edges { node { id at action actor tokenId requestId messageId version changes { field } message { id version } } }
      } }`,
    );
    expect(data).toEqual({
      auditLog: {
        edges: [
          {
            node: {
              ...{ id: '4', at: at(3).toISOString(), action: 'CHANGED', actor: 'TOKEN' },
              ...{ tokenId: '8', requestId: 'r2', messageId: '1', version: 3, changes: [] },
              message: { id: '1', version: 1 },
            },
          },
        ],
      },
    });
  });

  test('counts only when asked, and reads each message once', async () => {
    const read = async (selection: string) => {
      const before = gateway.statements();
      expect((await gateway.graphql(`{ auditLog { ${selection} } }`)).errors).toBeUndefined();
      return gateway.statements() - before;
    };
    expect(await read('nodes { id }')).toBe(1);
    expect(await read('nodes { id } pageInfo { hasNextPage hasPreviousPage }')).toBe(1);
    expect(await read('totalCount')).toBe(1);
    expect(await read('nodes { message { id } } totalCount')).toBe(3);
  });
});

describe('Message.history', () => {
  test('lists the entries of each message alone, newest first', async () => {
    const all = await histories({});
    expect(all.map(idsOf)).toEqual([[4, 3, 1], [5, 2], [6]]);
    expect(all.map(({ totalCount }) => totalCount)).toEqual([3, 2, 1]);
  });

  test('is paged by cursor, exactly', async () => {
    const first = await histories({ first: 2 });
    expect(first.map(idsOf)).toEqual([[4, 3], [5, 2], [6]]);
    expect(first.map(({ pageInfo }) => pageInfo.hasNextPage)).toEqual([true, false, false]);
    expect(first.map(({ pageInfo }) => pageInfo.hasPreviousPage)).toEqual([false, false, false]);
    const [{ pageInfo } = { pageInfo: { endCursor: '' } }] = first;
    const next = await histories({ first: 2, after: pageInfo.endCursor });
    expect(next.map(idsOf)).toEqual([[1], [2], []]);
    expect(next.map(({ pageInfo: { hasNextPage } }) => hasNextPage)).toEqual([false, false, false]);
    expect(next.map(({ pageInfo: { hasPreviousPage } }) => hasPreviousPage)).toEqual([true, true, true]);
  });

  test('never costs a statement per message, however many are listed', async () => {
    const before = gateway.statements();
    await histories({ first: 2 });
    // The messages, the entries, the totals; what lies before a first page is nothing.
    expect(gateway.statements() - before).toBe(3);
  });

  test('stays in the order of versions, even if the clock was set back', async () => {
    const id = await gateway.put({});
    for (const [version, time] of [at(50), at(40)].entries()) {
      await gateway.database.write(unit =>
        record(unit, ADMIN, {
          action: 'CHANGED',
          at: time,
          written: [{ messageId: id, version, changes: [] }],
        }),
      );
    }
    const query = `{ message(id: ${id}) { history { nodes { version } } } auditLog(first: 2) { nodes { at } } }`;
    expect((await gateway.graphql(query)).data).toEqual({
      message: { history: { nodes: [{ version: 1 }, { version: 0 }] } },
      auditLog: { nodes: [{ at: at(50).toISOString() }, { at: at(40).toISOString() }] },
    });
  });

  test('shows what a mutation has just written', async () => {
    const id = await gateway.put({});
    const { data } = await gateway.graphql(
      `mutation {
        one: updateMessage(id: ${id}, input: { title: "a" }) { message { history { nodes { version } } } }
        two: updateMessage(id: ${id}, input: { title: "b" }) { message { history { nodes { version } } } }
      }`,
    );
    expect(data).toEqual({
      one: { message: { history: { nodes: [{ version: 2 }] } } },
      two: { message: { history: { nodes: [{ version: 3 }, { version: 2 }] } } },
    });
  });

  test('refuses a page that is too large', async () => {
    const { errors } = await gateway.graphql('{ message(id: 1) { history(first: 501) { nodes { id } } } }');
    expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
  });
});
