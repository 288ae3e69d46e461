import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { exactJson } from '../../../src/providers/json-body';
import { generic } from '../../../src/providers/kinds/generic/generic';
import { httpsms } from '../../../src/providers/kinds/httpsms/httpsms.kind';
import { infobip } from '../../../src/providers/kinds/infobip/infobip.kind';
import { vonage } from '../../../src/providers/kinds/vonage/vonage.kind';
import { BASE, providerOf, requestOf } from './requests';

const ONE = '9007199254740993';
const OTHER = '9007199254740992';

describe('a number that JavaScript cannot tell from its neighbours', () => {
  test('becomes the text of its digits, and nothing else changes', () => {
    expect(
      exactJson(`{"a":[${ONE},-${ONE},1234567890123456],"t":"${ONE} \\" ${ONE}","f":0.1234567890123456}`),
    ).toEqual({
      a: [ONE, `-${ONE}`, 1234567890123456],
      t: `${ONE} " ${ONE}`,
      f: 0.1234567890123456,
    });
    expect(() => exactJson(`{"a":0${ONE}}`)).toThrow(SyntaxError);
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), fc.maxSafeInteger(), (value, number) => {
        const text = JSON.stringify([value, number, ' 12345678901234567890 ']);
        const isExact = !/(?<![.\d])\d{16}/.test(JSON.stringify(value));
        if (isExact) expect(exactJson(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  test.each([
    ['generic', generic, {}, (id: string) => `{"id":${id},"from":"+15550100100","text":"Hi"}`],
    [
      'vonage',
      vonage,
      { signature: 'sha256' },
      (id: string) => `{"messageId":${id},"msisdn":"15550100100","text":"Hi"}`,
    ],
    [
      'httpsms',
      httpsms,
      {},
      (id: string) =>
        `{"type":"message.phone.received","data":{"message_id":${id},"contact":"+15550100100","content":"Hi"}}`,
    ],
    [
      'infobip',
      infobip,
      {},
      (id: string) => `{"results":[{"messageId":${id},"from":"15550100100","text":"Hi"}]}`,
    ],
  ])('as an id keeps two messages of %s apart', (_, kind, options, bodyOf) => {
    const idOf = (id: string): string | null => {
      const headers = { 'content-type': 'application/json' };
      const sample = { method: 'POST', url: BASE, headers, body: bodyOf(id) } as const;
      const reading = kind.hook.read(requestOf(sample), providerOf(kind, options));
      const [item] = reading.kind === 'messages' ? reading.items : [];
      if (item === undefined || 'unreadable' in item) throw new Error('There is no message.');
      return item.providerMessageId;
    };
    expect([idOf(ONE), idOf(OTHER), idOf('7')]).toEqual([ONE, OTHER, '7']);
  });
});
