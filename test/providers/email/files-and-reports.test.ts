import { describe, expect, test } from '@jest/globals';
import { readMail } from '../../../src/providers/kinds/email/read-mail';
import { type Delivery } from '../../../src/providers/provider.kinds';
import { mail, multipart } from '../../support/mails';

async function read(raw: Buffer): Promise<Delivery> {
  const delivery = await readMail(raw, null);
  if ('unreadable' in delivery) throw new Error(delivery.unreadable);
  return delivery;
}

describe('Files', () => {
  const photo = (...fields: readonly string[]): readonly string[] => [
    'Content-Type: image/png',
    'Content-Transfer-Encoding: base64',
    ...fields,
    '',
    Buffer.from('pixels').toString('base64'),
  ];

  test.each([
    [
      'with an id',
      ['Content-ID: <p1@x>', 'Content-Disposition: inline; filename=well.png'],
      'mid:m1@example.org/p1@x',
      'well.png',
    ],
    [
      'with a name in RFC 2231',
      ["Content-Disposition: attachment; filename*0*=UTF-8''%E6%B0%B4; filename*1=-1.png"],
      'mid:m1@example.org',
      '水-1.png',
    ],
    [
      'with a name in RFC 2047',
      ['Content-Disposition: attachment; filename="=?utf-8?B?5rC0?=.png"'],
      'mid:m1@example.org',
      '水.png',
    ],
    ['without a name', ['Content-Disposition: attachment'], 'mid:m1@example.org', null],
    ['with signs in its id', ['Content-ID: <a/b%c@x>'], 'mid:m1@example.org/a%2Fb%25c@x', null],
  ])('%s are named, and measured', async (_what, fields, url, name) => {
    const { media } = await read(multipart('multipart/mixed', [['', 'Look.'], photo(...fields)]));
    expect(media).toEqual([{ url, contentType: 'image/png', size: 6, name }]);
  });

  test('of mails without ids are told apart by what they hold', async () => {
    const url = async (body: string): Promise<string | undefined> => {
      const file = ['Content-Type: image/png', 'Content-Disposition: attachment', '', body];
      return (await read(multipart('multipart/mixed', [file], { 'Message-ID': null }))).media[0]?.url;
    };
    expect(await url('one')).toMatch(/^cid:[0-9a-f]{32}$/);
    expect(await url('one')).toBe(await url('one'));
    expect(await url('one')).not.toBe(await url('two'));
  });

  test('in hundreds are counted, and the first are named', async () => {
    const files = Array.from({ length: 300 }, () => photo());
    const { media, additionalData } = await read(multipart('multipart/mixed', files));
    expect(media).toHaveLength(50);
    expect(additionalData).toMatchObject({ files: 300 });
  });

  test('in thousands are no mail that anybody reads', async () => {
    const files = Array.from({ length: 3000 }, () => photo());
    const delivery = await readMail(multipart('multipart/mixed', files), null);
    expect(delivery).toEqual({ unreadable: 'It is no mail that can be read (Error).' });
  });
});

describe('Machines', () => {
  const report = (...parts: readonly (readonly string[])[]): Buffer =>
    multipart('multipart/report; report-type=delivery-status', parts, { From: 'MAILER-DAEMON@example.org' });

  test.each([
    ['an absence', mail({ 'Auto-Submitted': 'auto-replied (vacation)' }), { autoSubmitted: 'auto-replied' }],
    ['a person', mail({ 'Auto-Submitted': 'no' }), {}],
    ['what has no return path', mail({ 'Return-Path': '<>' }), { autoSubmitted: 'auto-generated' }],
    ['a list', mail({ 'List-Id': 'Wells <wells.example.org>' }), { listId: 'wells.example.org' }],
  ])('that write are said to: %s', async (_what, raw, expected) => {
    expect((await read(raw)).additionalData).toEqual({ to: ['help@example.org'], ...expected });
  });

  test('that report what they could not deliver are messages like others', async () => {
    const raw = report(
      ['Content-Type: text/plain', '', 'It could not be delivered.'],
      ['Content-Type: message/delivery-status', '', 'Action: failed', 'Status: 5.1.1'],
      ['Content-Type: text/rfc822-headers', '', 'Message-ID: <o1@example.org>'],
    );
    const { text, additionalData } = await read(raw);
    expect(text).toMatch(/^It could not be delivered\.[^]*Status: 5\.1\.1/);
    expect(additionalData).toMatchObject({ autoSubmitted: 'auto-generated', report: 'delivery-status' });
  });
});
