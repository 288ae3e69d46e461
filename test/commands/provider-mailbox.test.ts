import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { runHeliograph } from '../support/command';
import { type Dovecot, hasDovecot, startDovecot } from '../support/dovecot';
import { mail } from '../support/mails';

const describeWithServer = hasDovecot ? describe : describe.skip;

describeWithServer('heliograph provider test, of a mailbox', () => {
  let folder: string;
  let server: Dovecot;
  let env: NodeJS.ProcessEnv;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'heliograph-mailbox-'));
    server = await startDovecot();
    server.deliver(mail());
    const settings = { kind: 'email', host: 'localhost', port: server.tlsPort, user: server.user };
    const providers = [
      { id: 'desk', ...settings, ca: server.certificate, secret: '${MAIL_PASSWORD}' },
      { id: 'other', ...settings, secret: 'x' },
    ];
    const file = join(folder, 'providers.yaml');
    await writeFile(file, JSON.stringify({ providers }));
    env = {
      DATABASE_URL: `sqlite:${join(folder, 'store.sqlite')}`,
      PROVIDERS_FILE: file,
      MAIL_PASSWORD: server.password,
    };
    await runHeliograph(['migrate'], { env });
  });
  afterAll(async () => {
    await server.stop();
    await rm(folder, { recursive: true });
  });

  test('logs in and says what is there', async () => {
    const { exitCode, stdout, stderr } = await runHeliograph(['provider', 'test', 'desk'], { env });
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout.split('\n')).toEqual([
      'Logged in, with TLS.',
      'The server tells of new mail at once (IDLE).',
      'Mails in it: 1; unseen: 1.',
      'It has not been looked through; the first time begins with "unseen".',
      '',
    ]);
  });

  test('says why it cannot, without address and password, and fails', async () => {
    const { exitCode, stdout, stderr } = await runHeliograph(['provider', 'test', 'other'], { env });
    expect(exitCode).toBe(1);
    expect(stdout).toBe('It fails: TLS fails (DEPTH_ZERO_SELF_SIGNED_CERT).\n');
    expect(stderr).toContain('Messages do not come by "other".');
    expect(stderr).not.toMatch(/example|horse|localhost/);
  });
});
