import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { ImapFlow } from 'imapflow';
import { type EmailOptions } from '../../../src/providers/kinds/email/email.options';
import { type Dovecot, hasDovecot, startDovecot } from '../../support/dovecot';
import { CHARSETS, lines, mail, multipart, TRANSFER_ENCODINGS, writtenMail } from '../../support/mails';
import { MemorySink } from '../../support/memory-sink';
import { checkMailbox, providerOf, watchMailbox, type WatchedMailbox } from '../../support/watched-mailbox';

/** UTF-16 holds zero bytes, which a server replaces. */
const WAYS = CHARSETS.flatMap(written => TRANSFER_ENCODINGS.map(encoding => ({ written, encoding }))).filter(
  ({ written, encoding }) => written.charset !== 'utf-16le' || encoding !== '8bit',
);

/** With a real server: what arrives, from where on, and what stays as it was. */
const describeWithServer = hasDovecot ? describe : describe.skip;

describeWithServer('A mailbox of a real server', () => {
  let server: Dovecot;
  let delivered = 0;
  beforeAll(async () => {
    server = await startDovecot();
  });
  afterAll(() => server.stop());

  let watches: WatchedMailbox[] = [];
  afterEach(async () => {
    await Promise.all(watches.map(watch => watch.stop()));
    watches = [];
  });
  const watch = (sink: MemorySink, options: Partial<EmailOptions> = {}): WatchedMailbox => {
    const started = watchMailbox(providerOf(server, options), sink);
    watches.push(started);
    return started;
  };
  const deliver = (...mails: readonly Buffer[]): void => {
    server.deliver(...mails);
    delivered += mails.length;
  };
  /** Somebody else at the same mailbox. */
  const asSomebody = async <T>(act: (client: ImapFlow) => Promise<T>): Promise<T> => {
    const { port, user, password } = server;
    const auth = { user, pass: password };
    const client = new ImapFlow({ host: 'localhost', port, doSTARTTLS: false, auth, logger: false });
    await client.connect();
    await client.mailboxOpen('INBOX');
    try {
      return await act(client);
    } finally {
      await client.logout();
    }
  };

  test('gives a thousand mails of many charsets, each once and in their order', async () => {
    const all = Array.from({ length: 1000 }, (_, index) => {
      const { written, encoding } = WAYS[index % WAYS.length] as (typeof WAYS)[number];
      return { text: written.text, raw: writtenMail(written, encoding, `n${index}@example.org`) };
    });
    deliver(...all.map(({ raw }) => raw));
    const sink = new MemorySink();
    watch(sink);
    await sink.until(() => sink.taken.length === all.length);
    expect(sink.taken.map(({ text }) => text)).toEqual(all.map(({ text }) => text));
    expect(sink.taken.map(({ providerMessageId }) => providerMessageId)).toEqual(
      all.map((_, index) => `<n${index}@example.org>`),
    );
    expect(sink.kept).toEqual([]);
  });

  test('gives what comes later as soon as the server tells of it', async () => {
    const sink = new MemorySink();
    const watching = watch(sink, { from: 'now' });
    await sink.until(() => sink.calls > 0);
    for (const id of ['l1', 'l2', 'l3']) {
      deliver(mail({ 'Message-ID': `<${id}@example.org>` }));
      await sink.until(() => sink.taken.at(-1)?.providerMessageId === `<${id}@example.org>`);
    }
    expect(sink.taken).toHaveLength(3);
    expect(watching.log()).toBe('');
  });

  test('is left as it is: nothing in it becomes seen, and nothing goes', async () => {
    const seen = await asSomebody(client => client.search({ seen: true }, { uid: true }));
    expect(seen).toEqual([]);
    expect(await asSomebody(client => client.search({ all: true }))).toHaveLength(delivered);
  });

  test('gives, from the first start on, what nobody has read, and whatever comes after', async () => {
    await asSomebody(client => client.messageFlagsAdd('4:*', ['\\Seen']));
    const sink = new MemorySink();
    const watching = watch(sink);
    await sink.until(() => sink.taken.length === 3);
    deliver(mail({ 'Message-ID': '<u1@example.org>' }));
    await sink.until(() => sink.taken.length === 4);
    await watching.stop();
    deliver(mail({ 'Message-ID': '<u2@example.org>' }));
    await asSomebody(client => client.messageFlagsAdd('1:*', ['\\Seen'], { uid: true }));
    watch(sink);
    await sink.until(() => sink.taken.length === 5);
    expect(sink.taken.slice(3).map(({ providerMessageId }) => providerMessageId)).toEqual([
      '<u1@example.org>',
      '<u2@example.org>',
    ]);
  });

  test('gives all of it where all is asked for, even if everybody has read it', async () => {
    const sink = new MemorySink();
    watch(sink, { from: 'all' });
    await sink.until(() => sink.taken.length === delivered);
    expect(new Set(sink.taken.map(({ providerMessageId }) => providerMessageId)).size).toBe(delivered);
  });

  test('has seen what is stored, where that is asked for', async () => {
    deliver(mail({ 'Message-ID': '<s1@example.org>' }), mail({ 'Message-ID': '<s2@example.org>' }));
    const sink = new MemorySink();
    const watching = watch(sink, { markSeen: true });
    await sink.until(() => sink.taken.length === 2);
    await watching.stop();
    // The last one is marked behind its storing, and the watch has ended by then.
    expect(await asSomebody(client => client.search({ seen: false }))).not.toContain(delivered - 1);
  });

  test('gives threads, and files by name', async () => {
    const sink = new MemorySink();
    watch(sink, { from: 'now' });
    await sink.until(() => sink.calls > 0);
    const photo = [
      'Content-Type: image/png',
      'Content-Disposition: attachment; filename=well.png',
      '',
      'pixels',
    ];
    deliver(
      mail({ 'Message-ID': '<t2@example.org>', 'In-Reply-To': '<t1@example.org>' }),
      multipart('multipart/mixed', [['', 'Look.'], photo], { 'Message-ID': '<t3@example.org>' }),
    );
    await sink.until(() => sink.taken.length === 2);
    expect(sink.taken).toMatchObject([
      { providerMessageId: '<t2@example.org>', inReplyTo: ['<t1@example.org>'] },
      {
        text: 'Look.',
        media: [{ url: 'mid:t3@example.org', contentType: 'image/png', size: 6, name: 'well.png' }],
      },
    ]);
  });

  test('gives of a mail that is too large its text, its size, and the names of its files', async () => {
    const sink = new MemorySink();
    watch(sink, { from: 'now', maxBytes: 64 * 1024 });
    await sink.until(() => sink.calls > 0);
    const body = lines(...Array.from({ length: 2000 }, () => 'x'.repeat(70)));
    const film = ['Content-Type: video/mp4; name=well.mp4', 'Content-Disposition: attachment', '', body];
    const words = [
      'Content-Type: text/plain; charset=koi8-r',
      'Content-Transfer-Encoding: base64',
      '',
      '8NLJ18XU',
    ];
    deliver(
      multipart('multipart/mixed', [film, words, film], { 'Message-ID': '<b1@example.org>' }),
      mail({ 'Message-ID': '<b2@example.org>' }, body),
      multipart('multipart/mixed', [film], { 'Message-ID': '<b3@example.org>' }),
    );
    await sink.until(() => sink.taken.length === 3);
    const file = { url: 'mid:b1@example.org', contentType: 'video/mp4', size: null, name: 'well.mp4' };
    const [first, second, third] = sink.taken;
    expect(first).toMatchObject({
      providerMessageId: '<b1@example.org>',
      text: 'Привет',
      media: [file, file],
      additionalData: { cut: { size: expect.any(Number) } },
    });
    expect(second).toMatchObject({ text: body.replaceAll('\r', '').trimEnd(), media: [] });
    expect(third).toMatchObject({ title: 'Water', media: [{ name: 'well.mp4' }] });
  });

  test('gives what is no mail as well, and goes on', async () => {
    const sink = new MemorySink();
    watch(sink, { from: 'now' });
    await sink.until(() => sink.calls > 0);
    deliver(
      Buffer.from('no mail at all'),
      Buffer.from('\xff\0\xfe', 'latin1'),
      mail({ 'Message-ID': '<h1@example.org>' }),
    );
    await sink.until(() => sink.taken.length === 1);
    expect(sink.kept.map(({ why }) => why)).toEqual([
      expect.stringMatching(/^It names no sender\. \(UID \d+\)$/),
      expect.stringMatching(/^It names no sender\. \(UID \d+\)$/),
    ]);
    expect(sink.kept[0]?.raw.toString()).toContain('no mail at all');
  });

  test('is checked without anything being fetched or changed', async () => {
    const sink = new MemorySink();
    expect(await checkMailbox(providerOf(server), sink)).toEqual({
      works: true,
      lines: [
        'Logged in, without TLS: who listens reads the password.',
        'The server tells of new mail at once (IDLE).',
        expect.stringMatching(/^Mails in it: \d+; unseen: \d+\.$/),
        'It has not been looked through; the first time begins with "unseen".',
      ],
    });
    const watching = watch(sink, { from: 'now' });
    await sink.until(() => sink.calls > 0);
    await watching.stop();
    deliver(mail(), mail());
    expect((await checkMailbox(providerOf(server), sink)).lines.at(-1)).toBe('Waiting to be fetched: 2.');
    expect(sink.taken).toEqual([]);
  });

  test('that lets nobody in is checked with the reason', async () => {
    const lost = await checkMailbox(providerOf(server, {}, ['wrong']), new MemorySink());
    expect(lost).toEqual({
      works: false,
      lines: ['It fails: the server refuses the login (AUTHENTICATIONFAILED).'],
    });
  });
});
