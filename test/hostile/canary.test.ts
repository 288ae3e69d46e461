import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { SCOPES } from '../../src/auth/scope.kinds';
import { makeToken } from '../../src/auth/token.rules';
import { graphqlCases } from './graphql.cases';
import { MARKER } from './hostile-case';
import { httpCases } from './http.cases';
import { inputCases } from './input.cases';
import { bytesOf, gotten, posted, talk, type WireRequest } from './wire';
import { runHeliograph } from '../support/command';
import { engineUnderTest, newPlace, openDatabaseAt, type TestPlace } from '../support/engine';
import { type GatewayProcess, startGatewayProcess } from '../support/process';

const ADMIN_TOKEN = 'canary-admin-token-of-the-operator';

/** What no log and no error may hold, by what it is. Cursors and the token that is made are added as they are known. */
const CANARIES: Record<string, string> = {
  'the admin token': ADMIN_TOKEN,
  'a wrong token': makeToken(new Uint8Array(32).fill(9)),
  'a malformed token': 'canary-malformed-token',
  'a message': 'canary message text',
  'a title': 'canary title text',
  'a contact': 'canary-contact-id',
  'a recipient': 'canary-recipient-id',
  'a provider': 'canary-provider-id',
  'a feed': 'canary-feed@example.org',
  'a post': 'canary-post-id',
  'additional data': 'canary-additional-data',
  'an idempotency key': 'canary-idempotency-key',
  'a search': 'canary search words',
  'a header': 'canary-header-value',
  'an operation': 'CanaryOperationName',
  'whatever else is hostile': MARKER,
};

/** From each on statements fail, with what people wrote as their parameters; PostgreSQL also tells of the row that it refuses. */
const TROUBLE =
  engineUnderTest() === 'sqlite'
    ? `create trigger broken before insert on messages begin select raise(abort, 'broken'); end`
    : 'alter table messages add constraint broken check (false) not valid';
const WORSE_TROUBLE = 'alter table messages rename to gone';

let place: TestPlace;
let gateway: GatewayProcess;
let said: string;
const errors: string[] = [];

beforeAll(async () => {
  place = await newPlace();
  const env = {
    DATABASE_URL: place.databaseUrl,
    ...{ ADMIN_TOKEN, LOG_LEVEL: 'trace', WRONG_TOKEN_LIMIT: 'off' },
  };
  gateway = await startGatewayProcess(env);
  said = '';
  gateway.child.stdout?.on('data', (chunk: string) => (said += chunk));
  gateway.child.stderr?.on('data', (chunk: string) => (said += chunk));
  const made = await runHeliograph(['token', 'create', '--name', 'kiosk', '--scope', SCOPES.join(',')], {
    env,
  });
  CANARIES['a good token'] = made.stdout.trim();

  await sendAll();
  for (const cases of [httpCases, graphqlCases, inputCases]) {
    for (const { bytes } of cases(`Bearer ${ADMIN_TOKEN}`)) await hear(bytes);
  }
  const database = await openDatabaseAt(place.databaseUrl);
  await database.write(({ query }) => query(TROUBLE));
  await sendAll();
  await database.write(({ query }) => query(WORSE_TROUBLE));
  await database.close();
  await sendAll();

  gateway.child.kill('SIGTERM');
  await gateway.ended;
}, 60_000);
afterAll(async () => {
  gateway.child.kill('SIGKILL');
  await place.remove();
});

async function hear(bytes: Buffer): Promise<readonly string[]> {
  const answers = await talk(gateway.url, bytes);
  const texts = answers.map(({ text }) => text);
  errors.push(...texts.filter(text => !text.startsWith('{"data"')));
  return texts;
}

/** Every canary in requests that are right, wrong and refused. */
async function sendAll(): Promise<void> {
  const value = (name: string): string => CANARIES[name] ?? '';
  const draft = {
    ...{
      message: value('a message'),
      title: value('a title'),
      contactId: value('a contact'),
      channels: ['SMS'],
    },
    ...{
      recipientIds: [value('a recipient')],
      dataProviderId: value('a provider'),
      dataFeedId: value('a feed'),
    },
    ...{ postId: value('a post'), additionalData: { [value('additional data')]: value('additional data') } },
  };
  const filter = { contactId: value('a contact'), dataProviderId: value('a provider'), q: value('a search') };
  const named = value('an operation');
  const create = `mutation ${named}($input: CreateMessageInput!, $key: String) { createMessage(input: $input, idempotencyKey: $key) { message { id } } }`;
  const list = `query ${named}($filter: MessageFilter, $after: String) { messages(filter: $filter, after: $after) { totalCount pageInfo { endCursor } } }`;
  const all = { query: '{ messages(filter: { direction: OUTGOING }) { pageInfo { endCursor } } }' };
  const key = value('an idempotency key');
  const headers = [
    ['authorization', `Bearer ${value('a good token')}`],
    ['x-canary', value('a header')],
  ] as const;
  const send = (request: WireRequest): Promise<readonly string[]> =>
    hear(bytesOf({ ...request, headers: [...(request.headers ?? []), ...headers] }));

  await send(posted({ query: create, variables: { input: draft, key }, operationName: named }));
  await send(posted({ query: create, variables: { input: { ...draft, message: 'other' }, key } }));
  await send(
    posted({ query: create, variables: { input: { ...draft, type: value('a title'), sendAt: key } } }),
  );
  await send(
    posted({ query: create, variables: { input: { ...draft, title: `${draft.title}\0`, parentId: key } } }),
  );
  await send(posted({ query: create.replace('$key', `"${key}`), variables: { input: draft } }));
  await send(posted({ query: list, variables: { filter } }));
  const [page = ''] = await send(posted(all));
  const cursor = /"endCursor":"([^"]+)"/.exec(page)?.[1];
  if (cursor !== undefined) CANARIES['a cursor'] = cursor;
  await send(posted({ query: list, variables: { after: value('a cursor') } }));
  await send(posted({ query: list, variables: { after: `${value('a cursor')}${value('a message')}` } }));
  const asText = encodeURIComponent(JSON.stringify({ filter }));
  await send(gotten(`query=${encodeURIComponent(list)}&variables=${asText}&operationName=${named}`));
  await send(gotten(`query=${encodeURIComponent(create)}&variables=${asText}`));
  await send({ method: 'GET', target: `/${key}/${encodeURIComponent(value('a message'))}` });
  await send(posted(JSON.stringify({ query: list, variables: { filter } }).slice(0, -1)));
  await send({ body: value('a message'), headers: [['content-type', 'text/plain']] });
  for (const shown of ['a wrong token', 'a malformed token', 'a message']) {
    await hear(bytesOf(posted(all, [['authorization', `Bearer ${value(shown)}`]])));
  }
}

describe('A gateway that logs as much as it can', () => {
  test('logged every request, and failures that nobody expected', () => {
    const lines = gateway.log();
    expect(lines.filter(({ msg }) => msg === 'answered').length).toBeGreaterThan(300);
    expect(lines.filter(({ msg }) => msg === 'a request failed unexpectedly').length).toBeGreaterThan(2);
    expect(said.split('\n').length).toBeGreaterThan(300);
    expect(CANARIES['a cursor']).toBeDefined();
    expect(CANARIES['a good token']).toMatch(/^hg_/);
  });

  test.each([...Object.keys(CANARIES), 'a good token', 'a cursor'])('never told of %s', name => {
    const canary = CANARIES[name] ?? '';
    expect(canary.length).toBeGreaterThan(5);
    for (const form of [canary, JSON.stringify(canary).slice(1, -1), encodeURIComponent(canary)]) {
      expect(said.includes(form)).toBe(false);
    }
  });

  test.each([...Object.keys(CANARIES), 'a good token', 'a cursor'])(
    'answered no error with %s in it',
    name => {
      expect(errors.length).toBeGreaterThan(200);
      expect(errors.filter(text => text.includes(CANARIES[name] ?? ''))).toEqual([]);
    },
  );
});
