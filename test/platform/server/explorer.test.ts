import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Browser, chromium, type Page } from 'playwright-core';
import { getIntrospectionQuery } from 'graphql';
import { CHROMIUM, CHROMIUM_ARGUMENTS, hasBrowser } from '../../support/browser';
import { serve, type TestServer } from './serve';

const CDN = 'https://embeddable-sandbox.cdn.apollographql.com/**';
const TOKEN = 'good-token';
const html = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };

/** What the page hands to Apollo's script. */
interface Configuration {
  readonly initialEndpoint: string;
  readonly initialState: {
    readonly document: string;
    readonly variables: Record<string, unknown>;
    readonly headers: Record<string, string>;
    readonly sharedHeaders: Record<string, string>;
    readonly includeCookies: boolean;
  };
  readonly endpointIsEditable: boolean;
  readonly runTelemetry: boolean;
}

const examples = {
  document:
    '# </script><b>Who</b> am I?\nquery Who { whoami }\n\n# One of "many" & more\nquery Hello { hello }',
  variables: { first: 5, text: '</script>' },
};

let server: TestServer;
beforeAll(async () => {
  server = await serve({ examples });
});
afterAll(() => server.close());

describe('GET /graphql', () => {
  test('from a browser is a page that runs no script but its own and the one of the Sandbox', async () => {
    const { status, headers, text } = await server.fetch('/graphql', { headers: html });
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
    const policy = headers.get('content-security-policy') ?? '';
    const nonce = /'nonce-([^']+)'/.exec(policy)?.[1] ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain('unsafe');
    expect(text.match(/<script/g)).toHaveLength(1);
    expect(text).toContain(`<script nonce="${nonce}">`);
    const again = await server.fetch('/graphql', { headers: html });
    expect(again.headers.get('content-security-policy')).not.toBe(policy);
  });

  test('with a query is answered as a query, even if a browser asks', async () => {
    const headers = { ...html, 'apollo-require-preflight': 'yes' };
    const { body } = await server.fetch('/graphql?query=%7Bhello%7D', { headers });
    expect(body).toEqual({ data: { hello: 'hello' } });
  });

  test('with the explorer off holds no page and no hint of one', async () => {
    const closed = await serve({ explorer: false });
    const page = await closed.fetch('/graphql', { headers: html });
    const schema = await closed.fetch('/schema.graphql');
    await closed.close();
    expect(page).toMatchObject({ status: 400, body: { errors: [{ extensions: { code: 'BAD_REQUEST' } }] } });
    expect(page.text).not.toMatch(/sandbox|<html/i);
    expect(schema.status).toBe(404);
  });
});

test('The schema can be read as text', async () => {
  const { status, text } = await server.fetch('/schema.graphql');
  expect(status).toBe(200);
  expect(text).toContain('type Query {');
});

const inBrowser = hasBrowser ? describe : describe.skip;

inBrowser('In a browser', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await chromium.launch({
      executablePath: CHROMIUM,
      args: CHROMIUM_ARGUMENTS,
    });
  });
  afterAll(() => browser.close());

  test('the Sandbox gets the examples and the token, which is gone from the address and never sent with it', () =>
    withPage(browser, async (page, addresses) => {
      const configuration = await openSandbox(page, `${server.url}/graphql#token=${TOKEN}`);
      expect(configuration).toMatchObject({
        initialEndpoint: `${server.url}/graphql`,
        initialState: {
          ...examples,
          headers: { Authorization: `Bearer ${TOKEN}` },
          sharedHeaders: { Authorization: `Bearer ${TOKEN}` },
          includeCookies: false,
        },
        endpointIsEditable: false,
        runTelemetry: false,
      });
      expect(page.url()).toBe(`${server.url}/graphql`);
      expect(await page.content()).not.toContain(TOKEN);
      expect(addresses.join('\n')).not.toContain(TOKEN);
      expect(await page.evaluate('window.heliographSandbox === window.given')).toBe(true);
      expect(await page.isVisible('#fallback')).toBe(false);
    }));

  test('what the Sandbox sends from the page is answered: introspection, and the first example', () =>
    withPage(browser, async page => {
      const { initialState, initialEndpoint } = await openSandbox(
        page,
        `${server.url}/graphql#token=${TOKEN}`,
      );
      const { document, headers } = initialState;
      const send = (query: string, operationName: string): Promise<unknown> =>
        page.evaluate(
          async ([address, body, extra]) => {
            const answer = await fetch(address, {
              method: 'POST',
              headers: { 'content-type': 'application/json', ...extra },
              body,
            });
            return await answer.json();
          },
          [initialEndpoint, JSON.stringify({ query, operationName }), headers] as const,
        );
      expect(await send(getIntrospectionQuery(), 'IntrospectionQuery')).toMatchObject({
        data: { __schema: {} },
      });
      expect(await send(document, 'Who')).toEqual({ data: { whoami: 'token:1' } });
    }));

  test('without a token there is no header, and one that is added to the address later is taken as well', () =>
    withPage(browser, async page => {
      const without = await openSandbox(page, `${server.url}/graphql`);
      expect(without.initialState.headers).toEqual({});
      await page.evaluate('delete window.given; location.hash = "token=a%2Bb"');
      await page.waitForFunction('window.given');
      expect((await given(page)).initialState.headers).toEqual({ Authorization: 'Bearer a+b' });
    }));

  test("where Apollo's servers are out of reach the page says so, and how to go on without them", () =>
    withPage(browser, async page => {
      await page.route(CDN, route => route.abort());
      await page.goto(`${server.url}/graphql`);
      await page.waitForSelector('#fallback', { state: 'visible' });
      expect(await page.textContent('#curl')).toContain(`curl ${server.url}/graphql`);
      expect(await page.textContent('#fallback')).toContain('query Hello { hello }');
      await page.click('#fallback a');
      expect(await page.textContent('body')).toContain('type Query');
    }));
});

/** A page of its own for each test; it fails if the page breaks its own policy or throws. */
async function withPage(
  browser: Browser,
  use: (page: Page, addresses: readonly string[]) => Promise<void>,
): Promise<void> {
  const page = await browser.newPage();
  const [addresses, problems]: [string[], string[]] = [[], []];
  page.on('request', request => addresses.push(request.url()));
  page.on('pageerror', error => problems.push(error.message));
  page.on('console', line => {
    if (line.text().includes('Content Security Policy')) problems.push(line.text());
  });
  try {
    await use(page, addresses);
    expect(problems).toEqual([]);
  } finally {
    await page.close();
  }
}

/** Opens the page with a stand-in for Apollo's script, which is beyond the network of a test. */
async function openSandbox(page: Page, address: string): Promise<Configuration> {
  const body = 'window.EmbeddedSandbox = class { constructor(given) { window.given = given; } };';
  await page.route(CDN, route => route.fulfill({ contentType: 'text/javascript', body }));
  await page.goto(address);
  await page.waitForFunction('window.given');
  return given(page);
}

async function given(page: Page): Promise<Configuration> {
  return page.evaluate('window.given');
}
