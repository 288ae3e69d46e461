import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { CONTACT_TYPES } from '../../src/contacts/contact.kinds';
import { stateIssues } from '../../src/messages/rules/state.rules';
import { type Delivery, type Provider } from '../../src/providers/provider.kinds';
import { mend, type MendedDelivery } from '../../src/providers/rules/mending.rules';

const NOW = new Date('2026-03-01T12:00:00.000Z');
const PROVIDER: Provider = {
  ...{
    id: 'ward',
    name: 'Ward',
    channel: 'SMS',
    type: null,
    region: 'KE',
    feed: null,
    secrets: [],
    options: {},
  },
};
const DELIVERY: Delivery = {
  sender: { type: 'PHONE', address: '+254700000001', name: null },
  recipient: '+254700000099',
  title: null,
  text: 'The bridge is gone.',
  sentAt: null,
  providerMessageId: 'm-1',
  inReplyTo: [],
  media: [],
  additionalData: {},
};

describe('what a service tells', () => {
  test('is taken as it is where the rules take it, and nothing of it is lost', () => {
    const { state, isLossy } = mended({ text: 'one\r\ntwo', title: 'e\u0301' });
    expect([state.message, state.title, state.dataProviderMessageId, isLossy]).toEqual([
      'one\ntwo',
      'é',
      'm-1',
      false,
    ]);
  });

  test.each<[string, Partial<Delivery>, Partial<MendedDelivery['state']>]>([
    ['control characters', { text: 'a\u0000b\u0007c\td' }, { message: 'a\ufffdb\ufffdc\td' }],
    ['half a character', { text: 'a\ud83d', title: '\udc00b' }, { message: 'a\ufffd', title: '\ufffdb' }],
    [
      'marks that pile up',
      { text: `a${'\u0316'.repeat(250)}`, title: `${'\u0344'.repeat(60)}b` },
      {
        message: `a${['\u0316'.repeat(100), '\u0316'.repeat(100), '\u0316'.repeat(50)].join('\u034f')}`,
        title: `${'\u0308\u0301'.repeat(50)}\u034f${'\u0308\u0301'.repeat(10)}b`,
      },
    ],
    [
      'an id with marks that pile up',
      { providerMessageId: `a${'\u0316'.repeat(101)}` },
      { dataProviderMessageId: expect.stringMatching(/^sha256:/) as never },
    ],
    ['a text that is too long', { text: '😀'.repeat(65_536) }, { message: `${'😀'.repeat(65_534)}…` }],
    ['a title that is too long', { title: 'é'.repeat(256) }, { title: `${'é'.repeat(254)}…` }],
    ['a time to come', { sentAt: new Date('2026-03-01T12:05:00.001Z') }, { sentAt: NOW }],
    ['no time at all', { sentAt: new Date(NaN) }, { sentAt: null }],
    ['a year that nobody can write', { sentAt: new Date('+012026-03-01T00:00:00Z') }, { sentAt: null }],
    [
      'an id that is too long',
      { providerMessageId: 'x'.repeat(999) },
      { dataProviderMessageId: expect.stringMatching(/^sha256:[0-9a-f]{64}$/) as never },
    ],
    [
      'an id with a line end',
      { providerMessageId: 'x\n' },
      { dataProviderMessageId: expect.stringMatching(/^sha256:/) as never },
    ],
    [
      'a recipient that is too long',
      { recipient: 'x'.repeat(321) },
      { dataFeedId: expect.stringMatching(/^sha256:/) as never },
    ],
  ])('is mended where it holds %s, and kept raw', (_, given, expected) => {
    const { state, isLossy } = mended(given);
    expect(state).toMatchObject(expected);
    expect(isLossy || Number.isNaN(given.sentAt?.getTime())).toBe(true);
  });

  test.each<[string, Partial<Delivery>, string]>([
    ['media alone', { text: ' \n', media: [file('https://files.example.org/1')] }, '[media]'],
    ['nothing', { text: '' }, '[empty]'],
  ])('has a text that stands in for %s', (_, given, text) => {
    expect(mended(given)).toMatchObject({ state: { message: text }, isLossy: false });
  });

  test('keeps a clock that is five minutes ahead', () => {
    const sentAt = new Date(NOW.getTime() + 300_000);
    expect(mended({ sentAt })).toMatchObject({ state: { sentAt }, isLossy: false });
  });

  test('keeps media before all else where there is too much, as many as fit', () => {
    const media = Array.from({ length: 400 }, (_, at) =>
      file(`https://files.example.org/${String(at).padStart(60, '0')}`),
    );
    const { state, isLossy } = mended({ media, additionalData: { long: 'x'.repeat(17_000) } });
    const { truncated, media: kept, ...rest } = state.additionalData as Record<string, unknown>;
    expect([truncated, rest, isLossy]).toEqual([true, {}, true]);
    expect((kept as unknown[]).length).toBeGreaterThan(100);
    expect(kept).toEqual(media.slice(0, (kept as unknown[]).length));
  });

  test('drops what is nested too deeply, and says so', () => {
    const deep = JSON.parse(`${'['.repeat(50_000)}${']'.repeat(50_000)}`) as unknown;
    const { state, isLossy } = mended({ additionalData: { deep, ward: 7 } });
    expect([state.additionalData, isLossy]).toEqual([
      expect.objectContaining({ ward: 7, truncated: true }),
      true,
    ]);
  });

  test('is not readable without an address', () => {
    expect(mend({ ...DELIVERY, sender: { ...DELIVERY.sender, address: ' \u00a0' } }, PROVIDER, NOW)).toEqual({
      unreadable: 'the sender has no address',
    });
  });
});

describe('the id of a message of whose service has none', () => {
  const idOf = (given: Partial<Delivery>, at = NOW): string => {
    const delivery = { ...DELIVERY, providerMessageId: null, sentAt: NOW, ...given };
    return (mend(delivery, PROVIDER, at) as MendedDelivery).state.dataProviderMessageId;
  };

  test('is the same for the same sender, recipient, text and time, however the number is written', () => {
    expect(idOf({ sender: { type: 'PHONE', address: '0700 000 001', name: 'Desk' } })).toBe(idOf({}));
    expect(idOf({ providerMessageId: ' ' })).toBe(idOf({}));
  });

  test.each<[string, Partial<Delivery>]>([
    ['sender', { sender: { ...DELIVERY.sender, address: '+254700000002' } }],
    ['recipient', { recipient: null }],
    ['text', { text: 'The bridge is back.' }],
    ['time', { sentAt: new Date(NOW.getTime() + 1_000) }],
    ['media', { media: [file('https://files.example.org/1')] }],
  ])('is another for another %s', (_, given) => {
    expect(idOf(given)).not.toBe(idOf({}));
  });

  test('is the same for ten minutes where the service tells no time either', () => {
    const later = (minutes: number): string =>
      idOf({ sentAt: null }, new Date(NOW.getTime() + minutes * 60_000));
    expect(later(9)).toBe(later(0));
    expect(later(10)).not.toBe(later(0));
  });
});

test('whatever a service tells comes to a message that all rules take', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: 'grapheme' }),
    fc.constantFrom('', '\0', '\ud800', '\r'),
  );
  const instant = fc.option(fc.date({ noInvalidDate: false }));
  const delivery: fc.Arbitrary<Delivery> = fc.record({
    sender: fc.record({ type: fc.constantFrom(...CONTACT_TYPES), address: text, name: fc.option(text) }),
    recipient: fc.option(text),
    title: fc.option(text),
    text,
    sentAt: instant,
    providerMessageId: fc.option(text),
    inReplyTo: fc.array(text, { maxLength: 3 }),
    media: fc.array(
      fc.record({
        url: text,
        contentType: fc.option(text),
        size: fc.option(fc.double()),
        name: fc.option(text),
      }),
    ),
    additionalData: fc.dictionary(text, fc.jsonValue() as fc.Arbitrary<unknown>),
  });
  fc.assert(
    fc.property(delivery, given => {
      const mended = mend(given, PROVIDER, NOW);
      if ('unreadable' in mended) expect(given.sender.address.trim()).toBe('');
      else expect(stateIssues(mended.state, NOW)).toEqual([]);
    }),
    { numRuns: 1_000 },
  );
});

function mended(given: Partial<Delivery>): MendedDelivery {
  return mend({ ...DELIVERY, ...given }, PROVIDER, NOW) as MendedDelivery;
}

function file(url: string) {
  return { url, contentType: null, size: null, name: null };
}
