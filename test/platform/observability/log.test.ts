import { describe, expect, test } from '@jest/globals';
import fastify from 'fastify';
import { QueryFailedError } from 'typeorm';
import { Refusal } from '../../../src/platform/errors';
import { createLog } from '../../../src/platform/observability/log';

const CANARY = 'canary-7f3a';

function capture() {
  const lines: string[] = [];
  return { lines, log: createLog('info', { write: line => void lines.push(line) }) };
}

describe('the log', () => {
  test('keeps method, path, status, duration and id of a request, and nothing of what it carries', async () => {
    const { lines, log } = capture();
    const server = fastify({ loggerInstance: log });
    server.post('/graphql', () => ({ text: CANARY }));
    await server.inject({
      method: 'POST',
      url: `/graphql?query=${CANARY}`,
      headers: { authorization: `Bearer ${CANARY}`, 'x-canary': CANARY, host: `${CANARY}.example.org` },
      payload: { message: CANARY },
    });
    await server.close();
    expect(lines.join('')).not.toMatch(/canary|127\.0\.0\.1|remoteAddress/);
    const entries = lines.map(line => JSON.parse(line) as Record<string, unknown>);
    expect(entries).toContainEqual(
      expect.objectContaining({ level: 'info', req: { method: 'POST', path: '/graphql' } }),
    );
    expect(entries).toContainEqual(
      expect.objectContaining({
        res: { status: 200 },
        responseTime: expect.any(Number),
        reqId: expect.any(String),
      }),
    );
  });

  test.each([
    ['a failed statement', new QueryFailedError('insert', [CANARY], new Error('disk'))],
    ['a text that cannot be parsed', parseFailure()],
    [
      'a refusal with a cause',
      new Refusal('STORAGE_FULL', 'full', { cause: parseFailure(), issues: [CANARY] }),
    ],
  ])('tells of %s without the words in it', (_, err) => {
    const { lines, log } = capture();
    log.error({ err }, 'failed');
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain('    at ');
    expect(lines[0]).not.toContain(CANARY);
  });

  test('hides credentials, even if they are logged by mistake', () => {
    const { lines, log } = capture();
    log.info({
      headers: { authorization: CANARY },
      token: CANARY,
      request: { headers: { authorization: CANARY } },
    });
    log.info({ config: { adminToken: CANARY } });
    expect(lines.join('')).not.toContain(CANARY);
  });
});

function parseFailure(): unknown {
  try {
    return JSON.parse(CANARY);
  } catch (error) {
    return error;
  }
}
