import { describe, expect, test } from '@jest/globals';
import { type RegisteredHook } from '../../../src/providers/kind';
import { frontlinesms } from '../../../src/providers/kinds/frontlinesms/frontlinesms.kind';
import { smssync } from '../../../src/providers/kinds/smssync/smssync.kind';
import { telegram } from '../../../src/providers/kinds/telegram/telegram.kind';
import { type Sample } from '../../../src/providers/provider.kinds';
import { BASE, providerOf, requestOf } from './requests';

describe('a message keeps its id when it comes again, and no other has it:', () => {
  test('in old versions of SMSSync, whose numbers are given to other messages later', () => {
    const first = {
      from: '+254700000001',
      message: 'Maji',
      message_id: '12',
      sent_timestamp: '1772366398000',
    };
    expect(idOf(smssync, form(first))).toBe(idOf(smssync, form(first)));
    expect(idOf(smssync, form(first))).not.toBe(
      idOf(smssync, form({ ...first, sent_timestamp: '1772366399000' })),
    );
  });

  test('in FrontlineSMS, which gives no id and a time in words', () => {
    const first = { from: '+254700000001', message: 'Maji', timestamp: 'Sun Mar 01 14:59:58 EAT 2026' };
    expect(idOf(frontlinesms, form(first))).toBe(idOf(frontlinesms, form(first)));
    for (const other of [{ timestamp: 'Sun Mar 01 14:59:59 EAT 2026' }, { message: 'maji' }, { from: 'X' }]) {
      expect(idOf(frontlinesms, form({ ...first, ...other }))).not.toBe(idOf(frontlinesms, form(first)));
    }
  });

  test('in Telegram, where each chat counts for itself', () => {
    const update = (chat: number): Sample => ({
      ...{ method: 'POST', url: BASE, headers: { 'content-type': 'application/json' } },
      body: JSON.stringify({
        update_id: 1,
        message: {
          message_id: 5,
          date: 1772366398,
          chat: { id: chat, type: 'group' },
          from: { id: 1 },
          text: 'Hi',
        },
      }),
    });
    expect(idOf(telegram, update(-7))).toBe('-7:5');
    expect(idOf(telegram, update(-8))).toBe('-8:5');
  });
});

function idOf(kind: RegisteredHook, sample: Sample): string | null {
  const reading = kind.hook.read(requestOf(sample), providerOf(kind));
  const [item] = reading.kind === 'messages' ? reading.items : [];
  if (item === undefined || 'unreadable' in item) throw new Error('there is no message');
  return item.providerMessageId;
}

function form(fields: Record<string, string>): Sample {
  return { method: 'POST', url: BASE, headers: {}, body: new URLSearchParams(fields).toString() };
}
