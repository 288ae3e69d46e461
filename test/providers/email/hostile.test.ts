import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readMail } from '../../../src/providers/kinds/email/read-mail';
import { stamped } from '../../../src/providers/kinds/email/stamp.rules';
import { mailOfPart } from '../../../src/providers/kinds/email/text-part.rules';
import { CHARSETS, mail, multipart, TRANSFER_ENCODINGS, writtenMail } from '../../support/mails';

/** Mails as they come, to be spoilt. */
const SOUND: readonly Buffer[] = [
  ...CHARSETS.flatMap(written =>
    TRANSFER_ENCODINGS.map(encoding => writtenMail(written, encoding, 'm1@example.org')),
  ),
  multipart('multipart/mixed', [
    ['Content-Type: text/plain; charset=utf-8; format=flowed; delsp=yes', '', 'The well ', 'is dry.'],
    ['Content-Type: text/html', 'Content-Transfer-Encoding: quoted-printable', '', '<p>caf=C3=A9</p>'],
    [
      'Content-Type: image/png',
      "Content-Disposition: attachment; filename*0*=UTF-8''%E6%B0%B4; filename*1=.png",
      '',
      'p',
    ],
    [
      'Content-Type: message/rfc822',
      '',
      'From: o@example.org',
      'Content-Type: multipart/mixed; boundary=b',
      '',
      '--b',
      '',
      'x',
    ],
  ]),
  multipart('multipart/report; report-type=delivery-status', [
    ['Content-Type: message/delivery-status', '', 'Action: failed'],
    ['Content-Type: text/rfc822-headers', '', 'Message-ID: <o1@example.org>'],
  ]),
  mail({
    From: 'Team: a@example.org, "b (c" <b@example.org>;',
    'List-Id': '<wells.example.org>',
    'X-Priority': '1 (High)',
  }),
];

/** What parsers have stumbled over. */
const SNAGS = [
  ...[
    '\r\n',
    '\n',
    '\r',
    '\r\n\r\n',
    '\0',
    '\x1b$B',
    '\xff',
    '--part',
    '--part--',
    '=?',
    '?=',
    '=?utf-8?Q?=FF?=',
    '=?x?B?',
  ],
  ...['<', '>', '"', '(', ')', ';', ':', '@', '=', '%', '\\', ',', '<>', '*0*=', '=\r\n'],
  ...[
    'charset=utf-16',
    'charset=iso-2022-kr',
    'charset=x-nobody',
    'charset=__proto__',
    'boundary=""',
    'boundary=part',
  ],
  ...[
    'Content-Type: multipart/mixed; boundary=part\r\n',
    'Content-Type: message/rfc822\r\n',
    'From: \r\n',
    '__proto__: x\r\n',
  ],
  ...[
    'Content-Transfer-Encoding: base64\r\n',
    'Content-Transfer-Encoding: x-uuencode\r\n',
    'List-__proto__: <x>\r\n',
    'Date: x\r\n',
  ],
].map(snag => Buffer.from(snag, 'latin1'));

interface Fault {
  readonly at: number;
  readonly cut: number;
  readonly put: Buffer;
}

const piece = fc.oneof(
  fc.constantFrom(...SNAGS),
  fc.uint8Array({ maxLength: 8 }).map(bytes => Buffer.from(bytes)),
  fc.constantFrom(...SOUND),
);
const fault: fc.Arbitrary<Fault> = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  cut: fc.nat(40),
  put: piece,
});

function spoilt(sound: Buffer, { at, cut, put }: Fault): Buffer {
  const start = Math.floor(at * sound.length);
  return Buffer.concat([sound.subarray(0, start), put, sound.subarray(start + cut)]);
}

const spoiltMail = fc
  .tuple(fc.constantFrom(...SOUND), fc.array(fault, { minLength: 1, maxLength: 12 }))
  .map(([sound, faults]) => faults.reduce(spoilt, sound));

test('Every mail, however broken, is a message or says why it is none', async () => {
  await fc.assert(
    fc.asyncProperty(spoiltMail, async raw => {
      const delivery = await readMail(raw, null);
      if ('unreadable' in delivery) expect(delivery.unreadable).toMatch(/^It /);
      else expect(delivery.sender.address).not.toBe('');
    }),
    { numRuns: 2000 },
  );
});

test('Every line above a mail, however broken, leaves the mail', async () => {
  const above = stamped({
    head: { uid: 1, size: 9, isSeen: false, receivedAt: new Date(0) },
    source: mail(),
    leftOut: [{ name: 'a', contentType: 'image/png', size: null, contentId: null, mark: '2' }],
  });
  await fc.assert(
    fc.asyncProperty(fault, async ({ at, cut, put }) => {
      await readMail(spoilt(above, { at: at / 4, cut, put }), null);
    }),
    { numRuns: 500 },
  );
});

test('Every header of a mail that is cut, however broken, makes a mail', async () => {
  const bytes = fc
    .array(fc.oneof(piece, fc.constantFrom(...SNAGS)), { maxLength: 8 })
    .map(all => Buffer.concat(all));
  await fc.assert(
    fc.asyncProperty(bytes, bytes, bytes, async (header, partHeader, body) => {
      await readMail(mailOfPart(header, partHeader, body), null);
    }),
    { numRuns: 500 },
  );
});

test.each([
  ['a header without end', Buffer.concat([mail().subarray(0, 20), Buffer.alloc(5_000_000, 'a')])],
  [
    'a hundred thousand fields',
    mail({ 'X-Many': Array.from({ length: 100_000 }, () => 'x').join('\r\nX-Many: ') }),
  ],
  [
    'deep parts',
    Buffer.concat(
      Array.from({ length: 500 }, (_, i) =>
        Buffer.from(`Content-Type: multipart/mixed; boundary=b${i}\r\n\r\n--b${i}\r\n`),
      ),
    ),
  ],
  ['deep HTML', mail({ 'Content-Type': 'text/html' }, '<div>'.repeat(200_000))],
  [
    'deep HTML beside text',
    multipart('multipart/mixed', [
      ['', 'x'],
      ['Content-Type: text/html', '', '<b>'.repeat(80_000)],
    ]),
  ],
  ['an address without end', mail({ From: `${'('.repeat(200_000)}a@example.org` })],
  [
    'many addresses',
    mail({ To: Array.from({ length: 20_000 }, (_, i) => `a${i}@example.org`).join(',\r\n ') }),
  ],
  ['brackets without end', mail({ References: '<'.repeat(300_000) })],
  ['a date without end', mail({ Date: `Sun, 01 Mar 2026 15:00:00${' '.repeat(200_000)}(` })],
  ['encoded words without end', mail({ Subject: '=?utf-8?Q?=41'.repeat(20_000) })],
  ['no bytes at all', Buffer.alloc(0)],
])('%s is read, or said to be no mail', async (_what, raw) => {
  expect(await readMail(raw, null)).toBeTruthy();
});
