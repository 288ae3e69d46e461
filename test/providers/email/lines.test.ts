import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { type EmailOptions } from '../../../src/providers/kinds/email/email.options';
import { type Dovecot, hasDovecot, startDovecot } from '../../support/dovecot';
import { mail } from '../../support/mails';
import { MemorySink } from '../../support/memory-sink';
import { unsteadyLine } from '../../support/unsteady-line';
import { checkMailbox, providerOf, watchMailbox } from '../../support/watched-mailbox';

/** How the mailbox is reached: with TLS, without IDLE, not at all; and how soon it is left. */
const describeWithServer = hasDovecot ? describe : describe.skip;

describeWithServer('The line to a mailbox', () => {
  let server: Dovecot;
  beforeAll(async () => {
    server = await startDovecot();
    server.deliver(mail());
  });
  afterAll(() => server.stop());

  const ends: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
  });

  const check = async (options: Partial<EmailOptions>): Promise<string> => {
    const { lines } = await checkMailbox(providerOf(server, options), new MemorySink());
    return lines[0] ?? '';
  };

  test.each([
    [
      'TLS from the start, with the certificate that the file names',
      'tlsPort',
      { tls: true, ca: 'own' },
      /^Logged in, with TLS/,
    ],
    [
      'TLS before the login, with the certificate that the file names',
      'port',
      { tls: 'starttls', ca: 'own' },
      /^Logged in, with TLS/,
    ],
    [
      'any certificate, where that is said',
      'tlsPort',
      { tls: true, tlsInsecure: true },
      /^Logged in, with TLS/,
    ],
    [
      'any certificate before the login',
      'port',
      { tls: 'starttls', tlsInsecure: true },
      /^Logged in, with TLS/,
    ],
    ['no TLS, where that is said', 'port', { tls: false }, /^Logged in, without TLS/],
    [
      'not with a certificate of nobody',
      'tlsPort',
      { tls: true },
      /TLS fails \(DEPTH_ZERO_SELF_SIGNED_CERT\)/,
    ],
    [
      'not with one before the login',
      'port',
      { tls: 'starttls' },
      /TLS fails \(DEPTH_ZERO_SELF_SIGNED_CERT\)/,
    ],
    [
      'not with a certificate of another name',
      'tlsPort',
      { tls: true, ca: 'own', host: '127.0.0.1' },
      /TLS fails \(ERR_TLS_CERT_ALTNAME_INVALID\)/,
    ],
    ['not with TLS where there is none', 'port', { tls: true, ca: 'own' }, /TLS fails \(ERR_SSL_/],
    [
      'not with a file that is not there',
      'tlsPort',
      { tls: true, ca: '/nowhere.pem' },
      /the file of certificates cannot be read \(ENOENT\)/,
    ],
    ['not where nobody listens', 'port', { port: 1 }, /nobody listens there \(ECONNREFUSED\)/],
    [
      'not with a name that leads nowhere',
      'port',
      { host: 'imap.invalid' },
      /the name of the server leads nowhere/,
    ],
  ] as const)('is %s', async (_what, port, options: Partial<EmailOptions>, expected) => {
    const ca = options.ca === 'own' ? { ca: server.certificate } : {};
    expect(await check({ port: server[port], ...options, ...ca })).toMatch(expected);
  });

  test('is never without TLS where somebody in between hides STARTTLS', async () => {
    // Whoever listens would only have to leave out one word.
    const bare = await startDovecot('IMAP4rev1');
    ends.push(() => bare.stop());
    const hiding = await unsteadyLine(bare.port, piece => piece.includes('STARTTLS'));
    ends.push(() => hiding.close());
    const { works } = await checkMailbox(
      providerOf(bare, { port: hiding.port, tls: 'starttls' }),
      new MemorySink(),
    );
    expect(works).toBe(false);
  });

  test('says that there is no such mailbox', async () => {
    const { lines } = await checkMailbox(providerOf(server, { mailbox: 'Nowhere' }), new MemorySink());
    expect(lines.at(-1)).toBe('It fails: the server has no such mailbox.');
  });

  test('is asked every now and then where the server has no IDLE', async () => {
    const idle = await startDovecot('IMAP4rev1 LITERAL+');
    ends.push(() => idle.stop());
    const sink = new MemorySink();
    const watching = watchMailbox(providerOf(idle, { lookEverySeconds: 0.02 }), sink);
    ends.push(() => watching.stop());
    await sink.until(() => sink.calls > 0);
    idle.deliver(mail());
    await sink.until(() => sink.taken.length === 1);
    expect((await checkMailbox(providerOf(idle), sink)).lines[1]).toBe(
      'The server has no IDLE: it is asked every 1500 seconds.',
    );
  });

  test('is left at once while it waits for mail', async () => {
    const sink = new MemorySink();
    const watching = watchMailbox(providerOf(server), sink);
    await sink.until(() => sink.taken.length === 1);
    await watching.stop();
  });

  test('is left at once while nobody answers', async () => {
    const deaf = createServer().listen(0, '127.0.0.1');
    await once(deaf, 'listening');
    const { port } = deaf.address() as AddressInfo;
    const accepted = once(deaf, 'connection');
    const watching = watchMailbox(providerOf(server, { port }), new MemorySink());
    await accepted;
    await watching.stop();
    deaf.close();
    await once(deaf, 'close');
  });

  test('is left at once while it waits to try again', async () => {
    const watching = watchMailbox(providerOf(server, { port: 1 }), new MemorySink());
    await watching.stop();
  });

  test('that is broken for long is told of once in a while, without address and secret', async () => {
    let tries = 0;
    let enough: () => void = () => undefined;
    const many = new Promise<void>(resolve => (enough = resolve));
    const refusing = createServer(socket => {
      tries += 1;
      socket.destroy();
      if (tries === 30) enough();
    }).listen(0, '127.0.0.1');
    await once(refusing, 'listening');
    const { port } = refusing.address() as AddressInfo;
    const watching = watchMailbox(providerOf(server, { port }), new MemorySink());
    await many;
    await watching.stop();
    refusing.close();
    await once(refusing, 'close');
    const said = watching.log().trim().split('\n');
    expect(said.length).toBeLessThan(10);
    expect(said[0]).toContain('"provider":"desk","why":"the connection broke');
    expect(watching.log()).not.toMatch(/help|example|horse|localhost/);
  });
});
