import { afterEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  MESSAGE_CHANNELS,
  MESSAGE_TYPES,
  type JsonObject,
  type MessageState,
} from '../../../src/messages/message.kinds';
import { type StoredState } from '../../../src/messages/message.store';
import { cleanText, textIssue } from '../../../src/platform/text.rules';
import { isRepeating } from '../../../src/messages/rules/timing.rules';
import { soundRule } from '../../schedules/sound-rules';
import { makeContacts } from '../../support/contacts';
import { openTransferStore, type TransferStore } from '../../support/transfer';

const NOW = new Date('2026-03-01T12:00:00.000Z');

const opened: TransferStore[] = [];
afterEach(async () => {
  for (const store of opened.splice(0)) await store.close();
});

describe('an export', () => {
  test('imported into an empty store makes the same store, byte for byte, and adds nothing to its own', async () => {
    await fc.assert(
      fc.asyncProperty(stores(), async messages => {
        const [origin, copy] = [await open(), await open()];
        await makeContacts(
          origin.database,
          messages.map(({ contactId }) => contactId),
        );
        await origin.database.write(({ query }) => origin.store.load(query, messages));
        const text = await origin.exportText();

        const contacts = new Set(messages.flatMap(({ contactId }) => contactId ?? [])).size;
        expect(await copy.importBytes(Buffer.from(text))).toEqual({
          ...{ added: messages.length, skipped: 0, refused: 0, withoutIdentity: 0, refusals: [] },
          ...(contacts > 0 && { contacts: { added: contacts, skipped: 0 } }),
        });
        expect(await copy.exportText()).toBe(text);
        expect(await origin.importBytes(Buffer.from(text))).toMatchObject({
          added: 0,
          skipped: messages.length,
        });
        expect(await origin.exportText()).toBe(text);
      }),
      { numRuns: 25 },
    );
  }, 120_000);

  test('of an empty store is empty', async () => {
    expect(await (await open()).exportText()).toBe('');
  });

  test('holds more messages than one chunk, in the order of ids', async () => {
    const store = await open();
    const lines = Array.from({ length: 2_500 }, (_, n) => ({
      id: 3 * (n + 1),
      message: 'm',
      channels: ['SMS'],
    }));
    await store.importLines(...lines.toReversed());
    expect((await store.exported()).map(({ id }) => id)).toEqual(lines.map(({ id }) => String(id)));
  });
});

async function open(): Promise<TransferStore> {
  const store = await openTransferStore();
  opened.push(store);
  return store;
}

/** Sound messages with ids that leave gaps, some of them replies to earlier ones. */
function stores(): fc.Arbitrary<readonly StoredState[]> {
  return fc
    .array(fc.record({ message: message(), gap: fc.integer({ min: 1, max: 40 }), reply: fc.nat() }))
    .map(drawn => {
      const ids: number[] = [];
      return drawn.map(({ message: state, gap, reply }, index) => {
        const id = (ids.at(-1) ?? 0) + gap;
        const parentId = reply % 3 === 0 ? (ids[reply % Math.max(1, ids.length)] ?? null) : null;
        ids.push(id);
        const dataProviderMessageId =
          state.dataProviderMessageId === null ? null : `${state.dataProviderMessageId}-${index}`;
        return { ...state, dataProviderMessageId, parentId, id };
      });
    });
}

function message(): fc.Arbitrary<MessageState> {
  return fc
    .record({
      content: fc.record({
        message: text({ max: 200 }),
        title: fc.option(text({ max: 60 })),
        type: fc.constantFrom(...MESSAGE_TYPES),
        channels: fc.uniqueArray(fc.constantFrom(...MESSAGE_CHANNELS), { minLength: 1 }),
        recipientIds: fc.uniqueArray(text({ max: 64, multiline: false }), { maxLength: 5 }),
        contactId: fc.option(text({ max: 64, multiline: false })),
        postId: fc.option(text({ max: 64, multiline: false })),
        dataFeedId: fc.option(text({ max: 320, multiline: false })),
        dataProviderId: fc.option(fc.constantFrom('sms', 'é', '["x"]')),
        dataProviderMessageId: fc.option(text({ max: 20, multiline: false })),
        additionalData: fc.option(json()),
      }),
      standing: fc.oneof(incoming(), outgoing()),
      createdAt: instant(),
      updatedAt: instant(),
      version: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 2 ** 31 - 1 })),
    })
    .map(({ content, standing, ...rest }) => ({ ...content, ...standing, ...rest, parentId: null }));
}

type Standing = Pick<MessageState, 'direction' | 'status' | 'schedule' | 'sendAt' | 'sentAt'>;

function incoming(): fc.Arbitrary<Standing> {
  return fc.record({
    direction: fc.constant('INCOMING' as const),
    status: fc.constantFrom('RECEIVED', 'ARCHIVED'),
    schedule: fc.constant(null),
    sendAt: fc.option(instant()),
    sentAt: fc.option(past()),
  });
}

function outgoing(): fc.Arbitrary<Standing> {
  return fc
    .record({
      status: fc.constantFrom('PENDING', 'SENT', 'EXPIRED', 'CANCELLED', 'FAILED', 'ARCHIVED'),
      schedule: fc.option(soundRule()),
      sendAt: fc.option(instant()),
      sentAt: past(),
      wasSent: fc.boolean(),
    })
    .map(({ status, schedule, sendAt, sentAt, wasSent }) => {
      const repeating = isRepeating(schedule, NOW);
      const standing = status === 'SENT' && repeating ? 'PENDING' : status;
      const sent = standing === 'SENT' || (standing === 'ARCHIVED' && wasSent && !repeating);
      return {
        direction: 'OUTGOING' as const,
        status: standing,
        schedule,
        sendAt: schedule === null ? sendAt : null,
        sentAt: sent ? sentAt : null,
      };
    });
}

function text({ max, multiline = true }: { max: number; multiline?: boolean }): fc.Arbitrary<string> {
  const strange = fc.constantFrom(
    '<b>x</b>',
    'e\u0301',
    '\u2028',
    '\ufeff',
    '"',
    '\\',
    '\u00a0',
    '%_*',
    "it's",
    '{}',
    '‮',
  );
  return fc
    .oneof(
      fc.string({ unit: 'binary', maxLength: max }),
      fc.array(strange, { maxLength: 8 }).map(parts => parts.join('')),
    )
    .map(cleanText)
    .filter(value => textIssue(value, { max, multiline }) === null);
}

/** What a store can hold: what has been read from JSON once. */
function json(): fc.Arbitrary<JsonObject> {
  return fc
    .dictionary(fc.string({ unit: 'binary', maxLength: 12 }), fc.jsonValue({ stringUnit: 'binary' }), {
      maxKeys: 5,
    })
    .map(value => JSON.parse(JSON.stringify(value)) as JsonObject)
    .filter(value => !JSON.stringify(value).includes('\\u0000'));
}

function instant(): fc.Arbitrary<Date> {
  return fc.date({
    min: new Date('0001-01-01T00:00:00Z'),
    max: new Date('9999-12-31T23:59:59.999Z'),
    noInvalidDate: true,
  });
}

function past(): fc.Arbitrary<Date> {
  return fc.date({
    min: new Date('0001-01-01T00:00:00Z'),
    max: new Date(NOW.getTime() + 300_000),
    noInvalidDate: true,
  });
}
