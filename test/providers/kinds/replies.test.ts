import { describe, expect, test } from '@jest/globals';
import { type RegisteredHook } from '../../../src/providers/kind';
import { africastalking } from '../../../src/providers/kinds/africastalking/africastalking.kind';
import { frontlinesms } from '../../../src/providers/kinds/frontlinesms/frontlinesms.kind';
import { httpsms } from '../../../src/providers/kinds/httpsms/httpsms.kind';
import { infobip } from '../../../src/providers/kinds/infobip/infobip.kind';
import { smssync } from '../../../src/providers/kinds/smssync/smssync.kind';
import { telegram } from '../../../src/providers/kinds/telegram/telegram.kind';
import { twilio } from '../../../src/providers/kinds/twilio/twilio.kind';
import { vonage } from '../../../src/providers/kinds/vonage/vonage.kind';
import { type Outcome } from '../../../src/providers/provider.kinds';

const STORED: Outcome = { kind: 'taken', results: [{ kind: 'stored', messageId: 1 }] };
const KNOWN: Outcome = { kind: 'taken', results: [{ kind: 'known', messageId: 1 }] };
const KEPT: Outcome = { kind: 'taken', results: [{ kind: 'kept', why: 'odd' }] };
const NOTHING: Outcome = { kind: 'nothing' };
const AWAY: Outcome = { kind: 'unavailable', retryAfterSeconds: 7 };

const ENVELOPE = '{"payload":{"success":true,"error":null}}';

/** The exact words of a success, and of nothing to do where they are others. */
const WORDS: readonly (readonly [RegisteredHook, string, string, string?])[] = [
  [twilio, 'text/xml', '<Response></Response>'],
  [vonage, 'text/plain; charset=utf-8', ''],
  [africastalking, 'text/plain; charset=utf-8', ''],
  [infobip, 'text/plain; charset=utf-8', ''],
  [httpsms, 'text/plain; charset=utf-8', ''],
  [
    smssync,
    'application/json; charset=utf-8',
    ENVELOPE,
    '{"payload":{"success":true,"error":null,"task":"send","messages":[]},"message_uuids":[]}',
  ],
  [frontlinesms, 'application/json; charset=utf-8', ENVELOPE],
  [telegram, 'application/json; charset=utf-8', '{}'],
];

describe.each(WORDS.map(row => [row[0].hook.name, ...row] as const))(
  '%s',
  (_, kind, type, success, nothing) => {
    const { hook } = kind;

    test('is told of a success in its own words, whether it was stored now, before, or kept', () => {
      for (const outcome of [STORED, KNOWN, KEPT]) {
        expect(hook.reply(outcome)).toEqual({
          status: 200,
          headers: { 'content-type': type },
          body: success,
        });
      }
      expect(hook.reply(NOTHING)).toMatchObject({ status: 200, body: nothing ?? success });
    });

    test('is sent away without proof, and told to come again while the store is away', () => {
      expect(hook.reply({ kind: 'unproven' }).status).toBe(403);
      expect(hook.reply(AWAY)).toMatchObject({ status: 503, headers: { 'retry-after': '7' } });
    });
  },
);

test.each([
  ['smssync', smssync],
  ['frontlinesms', frontlinesms],
])('%s never hears of a success where there was none', (_, { hook }) => {
  for (const outcome of [{ kind: 'unproven' }, AWAY] as const) {
    expect(JSON.parse(hook.reply(outcome).body)).toEqual({
      payload: { success: false, error: expect.stringMatching(/./) },
    });
  }
});
