import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { RawStore } from '../../src/providers/raws/raw.store';
import { Seal } from '../../src/providers/raws/seal';
import { type Gateway, openGateway } from '../support/gateway';
import { countOf, storedBy } from './contract/scene';
import { sign } from '../../src/providers/kinds/generic/standard-webhooks';
import { type Delivered, deliver, genericProviders, SECRET } from './generic-client';

const KEY = 'a5'.repeat(32);
const FROM = '+254700000001';

let gateway: Gateway;
beforeAll(async () => {
  const settings = [
    { id: 'ward', name: 'The ward', channel: 'SMS', region: 'KE' },
    { id: 'desk', type: 'COMMENT', feed: 'desk@example.org' },
    { id: 'open', insecure: true },
    { id: 'shut', enabled: false },
    { id: 'many' },
    { id: 'raw' },
    { id: 'sms', kind: 'smssync', insecure: true },
  ];
  const env = { INTAKE_KEY: KEY, RATE_LIMIT: '6', CORS_ORIGINS: 'https://app.example.org' };
  gateway = await openGateway(env, undefined, genericProviders(settings));
});
afterAll(() => gateway.close());

describe('the intake', () => {
  test('stores a message as what came in by its provider, with its sender and its entry in the record', async () => {
    const sent = { id: 'm1', from: '0700 000 001', to: '22123', text: 'The bridge is gone.' };
    expect(await deliver(gateway, 'ward', sent)).toMatchObject({
      status: 200,
      body: { results: [{ index: 0, status: 'stored', id: expect.any(String) }] },
    });
    const [message] = await storedBy(gateway, 'ward');
    expect(message).toMatchObject({
      direction: 'INCOMING',
      channels: ['SMS'],
      dataFeedId: '22123',
      type: 'REPORT',
    });
    const contacts = await gateway.database.read('select id, type, "key", data_provider_id from contacts');
    expect(contacts).toEqual([
      { id: message?.['contactId'], type: 'PHONE', key: FROM, data_provider_id: 'ward' },
    ]);
    expect(
      await gateway.database.read('select actor, token_id, provider_id, action from audit_entries'),
    ).toEqual([{ actor: 'PROVIDER', token_id: null, provider_id: 'ward', action: 'CREATED' }]);
  });

  test('knows a message again, also within one request, and keeps the ids of two providers apart', async () => {
    const messages = ['m1', 'm2', 'm2'].map(id => ({ id, from: FROM, text: 'Again?' }));
    const { body } = await deliver(gateway, 'ward', { messages });
    expect(body.results?.map(({ status }) => status)).toEqual(['known', 'stored', 'known']);
    expect(body.results?.[1]?.['id']).toBe(body.results?.[2]?.['id']);
    const other = await deliver(gateway, 'desk', { id: 'm1', from: FROM, text: 'Another' });
    expect(other.body.results?.[0]).toMatchObject({ status: 'stored' });
  });

  test('threads a reply to the first message that is known, in the store or in the request', async () => {
    await deliver(gateway, 'desk', { id: 'first', from: 'one@example.org', text: 'Hello' });
    const messages = [
      { id: 'second', from: 'two@example.org', text: 'Hello back', inReplyTo: ['never', 'first'] },
      { id: 'third', from: 'one@example.org', text: 'And again', inReplyTo: ['second', 'first'] },
    ];
    await deliver(gateway, 'desk', { messages });
    const stored = await storedBy(gateway, 'desk');
    const idOf = (id: string) => stored.find(({ dataProviderMessageId }) => dataProviderMessageId === id);
    expect([idOf('second')?.['parentId'], idOf('third')?.['parentId']]).toEqual([
      idOf('first')?.id,
      idOf('second')?.id,
    ]);
  });

  test('knows a signed request again, hours later, even if its messages have no ids of their own', async () => {
    const message = { from: FROM, text: 'Still no water.' };
    const again = { id: 'msg_1', from: FROM, text: 'The id of another request.' };
    const statuses = [];
    for (const body of [message, { messages: [message, message] }]) {
      for (let round = 0; round < 2; round += 1) {
        statuses.push(await deliverAs('msg_1', 'desk', body));
        gateway.clock.advance(240_000);
      }
    }
    expect(statuses).toEqual([['stored'], ['known'], ['known', 'stored'], ['known', 'known']]);
    expect(await deliverAs('msg_2', 'desk', again)).toEqual(['stored']);
    expect(await deliverAs('msg_3', 'desk', message)).toEqual(['stored']);
    expect([await deliverAs('msg_4', 'open', message), await deliverAs('msg_5', 'open', message)]).toEqual([
      ['stored'],
      ['known'],
    ]);
  });

  test('takes an address with a text of 1,600 letters of three bytes, which services that call by GET send', async () => {
    const url = `${gateway.url.replace('/graphql', '/providers/sms')}?from=%2B254700000001&message_id=1`;
    const answer = await fetch(`${url}&message=${encodeURIComponent('ก'.repeat(1_600))}`);
    expect(answer.status).toBe(200);
    expect(
      await gateway.database.read("select message from messages where data_provider_id = 'sms'"),
    ).toEqual([{ message: 'ก'.repeat(1_600) }]);
    expect((await fetch(`${url}&message=${'x'.repeat(17_000)}`)).status).toBe(431);
  });

  test('answers for a provider that is not there as for one that is switched off, and reads neither body', async () => {
    const answers = await Promise.all(
      ['nobody', 'shut'].map(id => deliver(gateway, id, 'x'.repeat(2_000_000))),
    );
    expect(answers.map(({ status }) => status)).toEqual([404, 404]);
    expect(answers[0]?.body).toEqual(answers[1]?.body);
  });

  test('takes anything from a provider that is said to be insecure, and from no other', async () => {
    const url = gateway.url.replace('/graphql', '/providers/');
    const init = { method: 'POST', body: '{"from":"+15550100100","text":"Hi","id":"1"}' };
    expect((await fetch(`${url}open`, init)).status).toBe(200);
    expect((await fetch(`${url}ward`, init)).status).toBe(401);
  });

  test.each([
    ['a type that is none', { 'content-type': '///;;' }, 200],
    ['no type at all', { 'content-type': '' }, 200],
    ['a compressed body', { 'content-encoding': 'gzip' }, 415],
  ])('looks at bodies by their bytes: %s', async (name, headers, status) => {
    expect((await deliver(gateway, 'many', { id: name, from: FROM, text: 'Hello' }, headers)).status).toBe(
      status,
    );
  });

  test('takes bursts beyond RATE_LIMIT, and lets no page of another site read its answers', async () => {
    const origin = { origin: 'https://app.example.org' };
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, id) =>
        deliver(gateway, 'many', { id, from: FROM, text: 'Hello' }, origin),
      ),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(answers[0]?.headers.get('access-control-allow-origin')).toBeNull();
    expect(answers[0]?.headers.get('x-content-type-options')).toBe('nosniff');
  });

  test('takes 500 messages in one transaction', async () => {
    const before = await countOf(gateway, 'audit_entries');
    const messages = Array.from({ length: 500 }, (_, id) => ({
      id: `b${id}`,
      from: `+2547000000${id % 50}`,
      text: `No ${id}`,
    }));
    const { status, body } = await deliver(gateway, 'many', { messages });
    expect([status, body.results?.length]).toEqual([200, 500]);
    expect((await countOf(gateway, 'audit_entries')) - before).toBe(500);
    const ids = body.results?.map(({ id }) => Number(id)) ?? [];
    expect(ids).toEqual([...ids].sort((a, b) => a - b));
  });

  test('keeps the request beside messages that could not hold all of it, once and encrypted', async () => {
    const messages = [
      { id: 'x', from: FROM, text: 'bell\u0007' },
      { id: 'y', from: FROM, text: 'whole' },
      { id: 'z', from: FROM, title: 'x'.repeat(300), text: 'cut' },
    ];
    const { body } = await deliver(gateway, 'raw', { messages });
    const ids = body.results?.map(({ id }) => Number(id)) ?? [];
    const rows = await gateway.database.read<{ request: string | null; key_id: string | null }>(
      'select request, key_id from intake_raws order by message_id',
    );
    expect(rows.map(row => [row.request === null, row.key_id === null])).toEqual([
      [false, false],
      [true, true],
    ]);
    expect(rows[0]?.request).not.toContain('bell');
    const raws = new RawStore(gateway.database, new Seal(Buffer.from(KEY, 'hex')));
    for (const [at, isKept] of [true, false, true].entries()) {
      const request = await raws.find(ids[at] ?? 0);
      expect(request === undefined ? undefined : JSON.parse(request.body.toString())).toEqual(
        isKept ? { messages } : undefined,
      );
    }
  });
});

/** As a request of that `webhook-id`. @returns what became of each message. */
async function deliverAs(webhookId: string, id: string, body: unknown): Promise<readonly unknown[]> {
  const text = JSON.stringify(body);
  const timestamp = String(Math.floor(gateway.clock.now().getTime() / 1_000));
  const response = await fetch(gateway.url.replace('/graphql', `/providers/${id}`), {
    method: 'POST',
    headers: {
      ...{ 'webhook-id': webhookId, 'webhook-timestamp': timestamp },
      'webhook-signature': sign(SECRET, webhookId, timestamp, Buffer.from(text)),
    },
    body: text,
  });
  const { results } = (await response.json()) as Delivered['body'];
  return (results ?? []).map(({ status }) => status);
}
