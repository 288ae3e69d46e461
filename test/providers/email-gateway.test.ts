import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import { email } from '../../src/providers/kinds/email/email';
import { type ConfiguredProvider } from '../../src/providers/kind';
import { type Dovecot, hasDovecot, startDovecot } from '../support/dovecot';
import { newPlace } from '../support/engine';
import { type Gateway, openGateway } from '../support/gateway';
import { mail, multipart } from '../support/mails';
import { providerOf } from '../support/watched-mailbox';

/** From a real mail server to a real store, by way of a whole gateway. */
const describeWithServer = hasDovecot ? describe : describe.skip;

interface StoredMail {
  readonly title: string;
  readonly dataProviderMessageId: string;
  readonly parent: { readonly title: string } | null;
  readonly [field: string]: unknown;
}

describeWithServer('Mail in a gateway', () => {
  let server: Dovecot;
  let place: Awaited<ReturnType<typeof newPlace>>;
  let gateway: Gateway;
  const open = (): Promise<Gateway> => {
    const provider: ConfiguredProvider = { kind: email, enabled: true, provider: providerOf(server) };
    return openGateway({}, place.databaseUrl, [provider]);
  };
  beforeAll(async () => {
    [server, place] = await Promise.all([startDovecot(), newPlace()]);
    gateway = await open();
  });
  afterAll(async () => {
    await gateway.close();
    await Promise.all([server.stop(), place.remove()]);
  });

  const stored = async (): Promise<readonly StoredMail[]> => {
    const { data } = await gateway.graphql<{ messages: { nodes: readonly StoredMail[] } }>(
      `{ messages(first: 500, orderBy: { field: ID, direction: ASC }) { nodes {
        title text direction status channels dataFeedId dataProviderId dataProviderMessageId additionalData sentAt
        parent { title }
      } } }`,
    );
    return data?.messages.nodes ?? [];
  };
  const storedIn = async (count: number): Promise<readonly StoredMail[]> => {
    for (;;) {
      const messages = await stored();
      if (messages.length >= count) return messages;
      await delay(20);
    }
  };

  test('becomes messages with contact, parent and files', async () => {
    const photo = [
      'Content-Type: image/png',
      'Content-Disposition: attachment; filename=well.png',
      '',
      'pixels',
    ];
    server.deliver(
      mail({ Subject: 'The well', 'Message-ID': '<g1@example.org>' }),
      mail({ Subject: 'Re: The well', 'Message-ID': '<g2@example.org>', 'In-Reply-To': '<g1@example.org>' }),
      multipart('multipart/mixed', [photo], {
        Subject: 'A photo',
        'Message-ID': '<g3@example.org>',
        References: '<nobody@example.org> <g2@example.org>',
      }),
    );
    const [first, ...others] = await storedIn(3);
    expect(first).toEqual({
      title: 'The well',
      text: 'The well is dry.',
      direction: 'INCOMING',
      status: 'RECEIVED',
      channels: ['MAIL'],
      dataFeedId: 'help@example.org',
      dataProviderId: 'desk',
      dataProviderMessageId: '<g1@example.org>',
      additionalData: { to: ['help@example.org'] },
      sentAt: '2026-03-01T12:00:00.000Z',
      parent: null,
    });
    const file = { url: 'mid:g3@example.org', contentType: 'image/png', size: 6, name: 'well.png' };
    expect(others).toMatchObject([
      { title: 'Re: The well', parent: { title: 'The well' } },
      {
        title: 'A photo',
        text: '[media]',
        parent: { title: 'Re: The well' },
        additionalData: { media: [file] },
      },
    ]);
    const contacts = await gateway.database.read(
      'select type as "type", address as "address", name as "name" from contacts',
    );
    expect(contacts).toEqual([{ type: 'EMAIL', address: 'amina@example.org', name: 'Amina' }]);
  });

  test('that came while the gateway was away is there when it is back, and nothing is there twice', async () => {
    await gateway.close();
    const ids = Array.from({ length: 100 }, (_, index) => `<w${index}@example.org>`);
    server.deliver(...ids.map(id => mail({ 'Message-ID': id })));
    gateway = await open();
    const messages = await storedIn(103);
    expect(messages.slice(3).map(({ dataProviderMessageId }) => dataProviderMessageId)).toEqual(ids);
  });

  test('under another UIDVALIDITY is known again, with and without an id', async () => {
    server.deliver(mail({ 'Message-ID': null, Subject: 'Without an id' }));
    await storedIn(104);
    await server.renumber();
    server.deliver(mail({ 'Message-ID': '<v1@example.org>', Subject: 'Anew' }));
    const messages = await storedIn(105);
    expect(messages).toHaveLength(105);
    expect(messages.at(-1)?.title).toBe('Anew');
  });

  test('that bears the id of another is stored beside it, once, and the answer finds the first', async () => {
    const twins = ['One', 'Two'].map(Subject => mail({ 'Message-ID': '<twin@example.org>', Subject }));
    server.deliver(
      ...[...twins, ...twins],
      mail({ 'Message-ID': '<answer@example.org>', 'In-Reply-To': '<twin@example.org>', Subject: 'Answer' }),
    );
    const messages = (await storedIn(108)).slice(105);
    expect(messages).toMatchObject([
      { title: 'One', dataProviderMessageId: '<twin@example.org>' },
      {
        title: 'Two',
        dataProviderMessageId: expect.stringMatching(/^<twin@example\.org>#sha256:[0-9a-f]{64}$/),
      },
      { title: 'Answer', parent: { title: 'One' } },
    ]);
  });

  test('that was mended is kept beside its message without its files', async () => {
    const film = ['Content-Type: video/mp4', 'Content-Disposition: attachment', '', 'x'.repeat(100_000)];
    const words = ['Content-Type: text/plain', '', 'a\u0007b'];
    server.deliver(
      multipart('multipart/mixed', [words, film], { 'Message-ID': '<film@example.org>', Subject: 'Film' }),
    );
    expect((await storedIn(109)).at(-1)).toMatchObject({ title: 'Film', text: 'a\ufffdb' });
    const [kept] = await gateway.database.read<{ characters: number }>(
      'select length(request) as "characters" from intake_raws',
    );
    expect(kept?.characters).toBeLessThan(2_000);
  });

  test('that cannot be read is kept with the reason', async () => {
    server.deliver(
      Buffer.from('no mail at all'),
      mail({ 'Message-ID': '<k1@example.org>', Subject: 'Behind it' }),
    );
    await storedIn(110);
    const failures = await gateway.database.read(
      'select provider_id as "provider", reason as "reason" from intake_failures',
    );
    expect(failures).toEqual([
      { provider: 'desk', reason: expect.stringMatching(/^It names no sender\. \(UID \d+\)$/) },
    ]);
  });
});
