import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Kind, parse } from 'graphql';
import { chromium } from 'playwright-core';
import { SCOPES } from '../src/auth/scope.kinds';
import { loadDemo } from '../src/demo/load-demo';
import { sandboxExamples } from '../src/sandbox-examples';
import { CHROMIUM, CHROMIUM_ARGUMENTS, hasBrowser } from './support/browser';
import { type Gateway, openGateway } from './support/gateway';

/** What a newcomer meets first: the page at the printed address, and the operations that stand ready in it. */
let gateway: Gateway;
beforeAll(async () => {
  gateway = await openGateway();
  await loadDemo(gateway.database, gateway.clock);
});
afterAll(() => gateway.close());

const operations = parse(sandboxExamples.document).definitions.flatMap(definition =>
  definition.kind === Kind.OPERATION_DEFINITION ? [definition.name?.value ?? ''] : [],
);

async function send(
  address: string,
  operationName: string,
  headers: object,
): Promise<{ errors?: unknown; data?: object }> {
  const response = await fetch(address, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({
      query: sandboxExamples.document,
      variables: sandboxExamples.variables,
      operationName,
    }),
  });
  return (await response.json()) as { errors?: unknown; data?: object };
}

const token = async () =>
  (await gateway.tokens.create({ name: 'first start', scopes: SCOPES, expiresAt: null })).token;

describe('the operations that stand ready in the Sandbox', () => {
  test.each(operations)('%s is answered without an error', async operation => {
    const { errors, data } = await send(gateway.url, operation, { authorization: `Bearer ${await token()}` });
    expect(errors).toBeUndefined();
    expect(Object.values(data ?? {})).not.toContain(null);
  });
});

const inBrowser = hasBrowser ? test : test.skip;

inBrowser('the page at the printed address hands them over, with the token', async () => {
  const browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: CHROMIUM_ARGUMENTS,
  });
  try {
    const page = await browser.newPage();
    await page.route('https://embeddable-sandbox.cdn.apollographql.com/**', route =>
      route.fulfill({
        contentType: 'text/javascript',
        body: 'window.EmbeddedSandbox = class { constructor(options) { window.given = options; } };',
      }),
    );
    const shown = await token();
    await page.goto(`${gateway.url}#token=${shown}`);
    await page.waitForFunction('window.given');
    expect(await page.evaluate('JSON.parse(JSON.stringify(window.given))')).toMatchObject({
      initialEndpoint: gateway.url,
      initialState: { ...sandboxExamples, headers: { Authorization: `Bearer ${shown}` } },
    });
    const answers = await page.evaluate(`(async () => {
      const { initialEndpoint, initialState: { document, variables, headers } } = window.given;
      const ask = async operationName => (await fetch(initialEndpoint, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ query: document, variables, operationName }),
      })).json();
      return Promise.all(['Inbox', 'Search'].map(ask));
    })()`);
    expect(answers).toEqual([
      { data: expect.any(Object) as unknown },
      { data: expect.any(Object) as unknown },
    ]);
  } finally {
    await browser.close();
  }
});
