import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Gateway, openGateway } from '../support/gateway';

/** Keeps a reading connection busy for longer than the request may take. */
const SLOW =
  'with recursive n (i) as (select 1 union all select i + 1 from n where i < 6000000) select count(*) as c from n';

const CREATE = `mutation ($text: String!) {
  createMessage(input: { message: $text, channels: SMS }) { message { id replies { totalCount } } }
}`;

let gateway: Gateway;
beforeAll(async () => {
  gateway = await openGateway({ EXECUTION_TIMEOUT_MS: '300' });
});
afterAll(() => gateway.close());

test('A mutation that was carried out is not answered as if it could be tried again, even if its answer took too long', async () => {
  const busy = Array.from({ length: 3 }, () => gateway.database.read(SLOW));
  const answer = await gateway.graphql(CREATE, { text: 'Boil water.' });
  await Promise.all(busy);
  const [row] = await gateway.database.read<{ n: number }>('select count(*) as n from messages');
  expect(row?.n).toBe(1);
  // A machine may be quick enough to answer in time after all.
  expect(answer.status).toBe(200);
  for (const { extensions, message, path } of answer.errors ?? []) {
    expect(extensions.code).toBe('TIMEOUT');
    expect(message).not.toMatch(/written/);
    expect(path?.length).toBeGreaterThan(1);
  }
});
