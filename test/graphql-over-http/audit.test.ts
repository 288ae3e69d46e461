import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { serverAudits } from 'graphql-http';
import { type Gateway, openGateway } from '../support/gateway';

/**
 * What the audit recommends and the gateway does otherwise, with the reason. A MUST never stands here, and an entry
 * that is no longer true fails its test.
 */
const OTHERWISE: Readonly<Record<string, string>> = {
  '5A70': 'a GET needs a header that no form of another site can send',
  D6D5: 'a GET needs a header that no form of another site can send',
  '6A70': 'a GET needs a header that no form of another site can send',
  '572B': 'a refused request is a 4xx in either type, as the edition of September 2026 has it',
  FDE2: 'a refused request is a 4xx in either type, as the edition of September 2026 has it',
  '7B9B': 'a refused request is a 4xx in either type, as the edition of September 2026 has it',
};

let gateway: Gateway;
beforeAll(async () => {
  gateway = await openGateway({ EXPLORER: 'on' });
});
afterAll(() => gateway.close());

const audits = serverAudits({ url: () => gateway.url });
const failureOf = async (audit: (typeof audits)[number]): Promise<string | undefined> => {
  const result = await audit.fn();
  return result.status === 'ok' ? undefined : result.reason;
};

describe('The audit of GraphQL over HTTP finds that a server', () => {
  test.each(audits.filter(({ id }) => OTHERWISE[id] === undefined))('$name ($id)', async audit => {
    expect(await failureOf(audit)).toBeUndefined();
  });
});

describe('The audit recommends, and the gateway does otherwise:', () => {
  test.each(
    Object.entries(OTHERWISE).map(([id, reason]) => ({
      reason,
      audit: audits.find(audit => audit.id === id),
    })),
  )('$audit.name, because $reason', async ({ audit }) => {
    if (audit === undefined) throw new Error('There is no such audit.');
    expect(audit.name).not.toMatch(/^MUST/);
    expect(await failureOf(audit)).toBeDefined();
  });
});
