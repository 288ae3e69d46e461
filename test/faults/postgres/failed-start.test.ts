import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { runHeliograph } from '../../support/command';
import { newPlace, type TestPlace } from '../../support/engine';

/** Starting Node takes most of it; a server waits a minute for a password, and the driver ten seconds for an answer. */
const AT_ONCE_MS = 8_000;

let place: TestPlace;
beforeAll(async () => {
  place = await newPlace();
});
afterAll(() => place.remove());

describe('a command that a server does not let in says why, and ends at once:', () => {
  test.each([
    ['serve', (url: URL) => (url.password = '')],
    ['token list', (url: URL) => (url.password = '')],
  ])(
    '%s',
    async (command, spoil) => {
      const url = new URL(place.databaseUrl);
      spoil(url);
      const startedMs = performance.now();
      const outcome = await runHeliograph(command.split(' '), { env: { DATABASE_URL: url.href, PORT: '0' } });
      expect(performance.now() - startedMs).toBeLessThan(AT_ONCE_MS);
      expect(outcome).toMatchObject({ exitCode: 1, stdout: '', stderr: expect.stringMatching(/^error: /) });
    },
    90_000,
  );
});
