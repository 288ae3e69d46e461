import { existsSync, readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { expect, test } from '@jest/globals';
import { newPlace } from '../support/engine';
import { type GatewayProcess, startGatewayProcess } from '../support/process';

const ADMIN_TOKEN = 'a-token-for-tests-only';
const MESSAGES = 300;

const FILL = `mutation ($inputs: [CreateMessageInput!]!) { batchCreateMessages(inputs: $inputs) { succeeded } }`;
const PAGE = `{ messages(filter: { direction: OUTGOING }) {
  nodes { id status type message text label channels createdAt updatedAt version } pageInfo { hasNextPage endCursor }
} }`;

/** Longer than anybody may wait (2 s) and run (10 s), with time for a machine that has other work. */
const MAX_DURATION_MS = 20_000;
/** Several times what a server needs that is not asked for anything. */
const MAX_RESIDENT_MB = 1_000;

interface Answer {
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly body: string;
  readonly tookMs: number;
}

interface Load {
  readonly name: string;
  readonly settings: NodeJS.ProcessEnv;
  readonly clients: number;
  readonly requestsEach: number;
  /** Statuses that have to come up, beside those that may. */
  readonly expected: readonly number[];
}

const LOADS: readonly Load[] = [
  {
    name: 'four times as many callers as there are places',
    settings: { MAX_RUNNING: '8', MAX_WAITING: '16' },
    clients: 96,
    requestsEach: 15,
    expected: [200, 503],
  },
  {
    name: 'the same, of one token with a limit',
    settings: { MAX_RUNNING: '8', MAX_WAITING: '16', RATE_LIMIT: '1200' },
    clients: 96,
    requestsEach: 15,
    expected: [200, 429],
  },
  {
    name: 'the settings that it comes with, and a caller more than has a place',
    settings: {},
    clients: 700,
    requestsEach: 3,
    expected: [200],
  },
];

test.each(LOADS)(
  'Under $name every answer is a page or says when to come back, memory stays bounded, and all is well afterwards',
  async ({ name, settings, clients, requestsEach, expected }) => {
    const place = await newPlace();
    const gateway = await startGatewayProcess({
      DATABASE_URL: place.databaseUrl,
      ...{ ADMIN_TOKEN, ANONYMOUS_SCOPES: 'messages:list', LOG_LEVEL: 'debug' },
      ...settings,
    });
    try {
      await fill(gateway.url);
      const calm = await askInTurn(gateway.url, 1, 20);
      const resident = watchResidentMb(gateway);
      const loaded = await askInTurn(gateway.url, clients, requestsEach);
      const residentMb = resident.stop();
      // Nobody's requests but the loaders' are counted against their limit.
      const after = await askInTurn(gateway.url, 1, 20, '');

      console.log(
        `${name}: ${figures(calm)} before, ${figures(loaded)} under load, ${residentMb} MB at most`,
      );
      for (const answer of loaded) expectToBeUseful(answer);
      expect([...new Set(loaded.map(({ status }) => status))]).toEqual(expect.arrayContaining([...expected]));
      expect(after.map(({ status }) => status)).toEqual(after.map(() => 200));
      expect(residentMb).toBeLessThan(MAX_RESIDENT_MB);
      const durations = gateway.log().map(({ durationMs }) => Number(durationMs ?? 0));
      expect(Math.max(...durations)).toBeLessThan(MAX_DURATION_MS);
    } finally {
      gateway.child.kill('SIGTERM');
      expect(await gateway.ended).toBe(0);
      await place.remove();
    }
  },
  120_000,
);

function expectToBeUseful({ status, retryAfter, body }: Answer): void {
  const { data, errors } = JSON.parse(body) as {
    data?: { messages: { nodes: readonly unknown[] } };
    errors?: readonly { extensions: { code: string } }[];
  };
  if (status === 200) {
    expect(data?.messages.nodes).toHaveLength(50);
    return;
  }
  expect(Number(retryAfter)).toBeGreaterThanOrEqual(1);
  const codes = errors?.map(({ extensions }) => extensions.code);
  // On a machine with much other work, what was let in may run out of time.
  expect(status === 429 ? [['RATE_LIMITED']] : [['OVERLOADED'], ['TIMEOUT']]).toContainEqual(codes);
  expect([429, 503]).toContain(status);
}

async function fill(url: string): Promise<void> {
  const inputs = Array.from({ length: MESSAGES }, (_, index) => ({
    message: `The road to village ${index} is open again; water and blankets are at the school.`,
    channels: ['SMS'],
  }));
  const { body } = await ask(new Agent(), url, { query: FILL, variables: { inputs } });
  expect(JSON.parse(body)).toEqual({ data: { batchCreateMessages: { succeeded: MESSAGES } } });
}

/** So many clients, each on a kept connection of its own, who ask again as soon as they are answered, whatever it is. */
async function askInTurn(
  url: string,
  clients: number,
  requestsEach: number,
  token = ADMIN_TOKEN,
): Promise<readonly Answer[]> {
  const client = async (): Promise<readonly Answer[]> => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const answers: Answer[] = [];
    for (let count = 0; count < requestsEach; count += 1)
      answers.push(await ask(agent, url, { query: PAGE }, token));
    agent.destroy();
    return answers;
  };
  return (await Promise.all(Array.from({ length: clients }, client))).flat();
}

function ask(agent: Agent, url: string, body: object, token = ADMIN_TOKEN): Promise<Answer> {
  const beganMs = performance.now();
  const authorization = token === '' ? {} : { authorization: `Bearer ${token}` };
  return new Promise((resolve, reject) => {
    const text = JSON.stringify(body);
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) };
    request(url, { agent, method: 'POST', headers: { ...headers, ...authorization } })
      .on('error', reject)
      .on('response', response => {
        let answer = '';
        response.setEncoding('utf8').on('data', (chunk: string) => (answer += chunk));
        response.on('error', reject).on('end', () => {
          const retryAfter = response.headers['retry-after'];
          const tookMs = performance.now() - beganMs;
          resolve({ status: response.statusCode ?? 0, retryAfter, body: answer, tookMs });
        });
      })
      .end(text);
  });
}

/** Follows the memory of a process, where the system tells it; elsewhere it is 0. */
function watchResidentMb({ child }: GatewayProcess): { readonly stop: () => number } {
  const file = `/proc/${child.pid ?? 0}/status`;
  let mostMb = 0;
  const look = (): void => {
    const kb = existsSync(file) ? /VmRSS:\s+(\d+)/.exec(readFileSync(file, 'utf8'))?.[1] : undefined;
    mostMb = Math.max(mostMb, Math.round(Number(kb ?? 0) / 1_000));
  };
  const timer = setInterval(look, 100);
  return {
    stop: () => {
      clearInterval(timer);
      look();
      return mostMb;
    },
  };
}

function figures(answers: readonly Answer[]): string {
  const times = answers.filter(({ status }) => status === 200).map(({ tookMs }) => Math.round(tookMs));
  times.sort((a, b) => a - b);
  const at = (share: number): number | undefined => times[Math.floor((times.length - 1) * share)];
  const shares = [200, 429, 503].map(
    status => `${answers.filter(answer => answer.status === status).length} × ${status}`,
  );
  return `${shares.join(', ')} (half of the pages in ${at(0.5)} ms, 99 of 100 in ${at(0.99)} ms)`;
}
