import { describe, expect, test } from '@jest/globals';
import { readMail } from '../../../src/providers/kinds/email/read-mail';
import { stamped } from '../../../src/providers/kinds/email/stamp.rules';
import { type Delivery } from '../../../src/providers/provider.kinds';
import { CHARSETS, lines, mail, multipart, TRANSFER_ENCODINGS, writtenMail } from '../../support/mails';

/** What a mail becomes, without a server. */
async function read(raw: Buffer, address: string | null = null): Promise<Delivery> {
  const delivery = await readMail(raw, address);
  if ('unreadable' in delivery) throw new Error(delivery.unreadable);
  return delivery;
}

const RECEIVED = new Date('2026-03-01T12:00:07.000Z');

/** As it was fetched: the server says when it came. */
const fetched = (source: Buffer, receivedAt: Date | null = RECEIVED): Buffer =>
  stamped({ head: { uid: 7, size: source.length, isSeen: false, receivedAt }, source, leftOut: null });

test('A plain mail is a message with all that it says', async () => {
  const raw = mail(
    {
      'Reply-To': 'desk@example.org',
      Cc: 'Omar <omar@example.org>, team@example.org',
      'In-Reply-To': '<p1@example.org>',
      References: '<r1@example.org> <p1@example.org>',
    },
    lines('The well is dry.', '', '> What about the well?'),
  );
  expect(await read(raw)).toEqual({
    sender: { type: 'EMAIL', address: 'amina@example.org', name: 'Amina' },
    recipient: 'help@example.org',
    title: 'Water',
    text: 'The well is dry.\n\n> What about the well?',
    sentAt: new Date('2026-03-01T12:00:00.000Z'),
    providerMessageId: '<m1@example.org>',
    isIdOfSender: true,
    inReplyTo: ['<p1@example.org>', '<r1@example.org>'],
    media: [],
    additionalData: {
      replyTo: ['desk@example.org'],
      to: ['help@example.org'],
      cc: ['omar@example.org', 'team@example.org'],
    },
  });
});

describe('Charsets', () => {
  const cases = CHARSETS.flatMap(written => TRANSFER_ENCODINGS.map(encoding => ({ written, encoding })));

  test.each(cases)('$written.charset as $encoding is read', async ({ written, encoding }) => {
    const { title, text, sender } = await read(writtenMail(written, encoding, 'm1@example.org'));
    expect({ title, text, name: sender.name }).toEqual({
      // An encoded word holds no UTF-16 in mail that anybody sends; what it holds is not asked here.
      title: written.charset === 'utf-16le' ? title : written.text,
      text: written.text,
      name: written.charset === 'utf-16le' ? sender.name : written.text,
    });
  });

  test('a charset that nobody knows loses letters at most', async () => {
    const fields = { 'Content-Type': 'text/plain; charset=x-nobody' };
    expect((await read(mail(fields, 'plain words'))).text).toBe('plain words');
  });

  test('bytes that are none of the charset become U+FFFD', async () => {
    const fields = { 'Content-Type': 'text/plain; charset=utf-8' };
    expect((await read(mail(fields, 'caf\xe9 au lait'))).text).toBe('caf\ufffd au lait');
  });

  test('encoded words of several lines, and of two charsets, are one subject', async () => {
    const Subject = '=?koi8-r?Q?=F0=D2=C9?=\r\n =?koi8-r?B?18XU?= =?utf-8?Q?_=E2=82=AC?= plain';
    expect((await read(mail({ Subject }))).title).toBe('Привет € plain');
  });

  test('a header in bare UTF-8 is read', async () => {
    const Subject = Buffer.from('Été à Nairobi').toString('latin1');
    expect((await read(mail({ Subject }))).title).toBe('Été à Nairobi');
  });
});

describe('Text', () => {
  const html = ['Content-Type: text/html; charset=utf-8', '', '<p>The <b>well</b> is dry.</p>'];
  const plain = ['Content-Type: text/plain', '', 'The well is dry.'];

  test.each([
    [
      'of text and HTML of the same words the text',
      'multipart/alternative',
      [plain, html],
      'The well is dry.',
    ],
    [
      'of a blank text and HTML the HTML',
      'multipart/alternative',
      [['', ' '], html],
      '<p>The <b>well</b> is dry.</p>',
    ],
    ['HTML alone as it is', 'multipart/alternative', [html], '<p>The <b>well</b> is dry.</p>'],
    ['HTML beside a file as it is', 'multipart/mixed', [html], '<p>The <b>well</b> is dry.</p>'],
    [
      'all texts that follow each other',
      'multipart/mixed',
      [plain, plain],
      'The well is dry.\nThe well is dry.',
    ],
    [
      'HTML with a plain footer: both',
      'multipart/mixed',
      [html, ['', 'A footer.']],
      'The well is dry.\nA footer.',
    ],
  ] as const)('is %s', async (_what, type, parts, expected) => {
    expect((await read(multipart(type, parts))).text).toBe(expected);
  });

  test('is the HTML of a mail that is nothing else, as it is', async () => {
    const raw = mail({ 'Content-Type': 'text/html' }, '<p>One<br>two</p>');
    expect((await read(raw)).text).toBe('<p>One<br>two</p>');
  });

  test('that flows is put together again', async () => {
    const raw = mail(
      { 'Content-Type': 'text/plain; format=flowed' },
      lines('The well ', 'is dry.', 'Since May.'),
    );
    expect((await read(raw)).text).toBe('The well is dry.\nSince May.');
  });

  test('is the subject where a mail says all there', async () => {
    expect(await read(mail({ Subject: 'Call me' }, ''))).toMatchObject({ title: 'Call me', text: 'Call me' });
  });

  test('is blank where there are files only', async () => {
    const photo = ['Content-Type: image/png', 'Content-Disposition: attachment', '', 'png'];
    expect(await read(multipart('multipart/mixed', [photo]))).toMatchObject({ text: '', media: [{}] });
  });

  test('of a mail inside the mail stays in that, which is a file', async () => {
    const inner = [
      'Content-Type: message/rfc822',
      '',
      'From: omar@example.org',
      'Subject: Inner',
      '',
      'Inside.',
    ];
    expect(await read(multipart('multipart/mixed', [plain, inner]))).toMatchObject({
      sender: { address: 'amina@example.org' },
      text: 'The well is dry.',
      media: [{ contentType: 'message/rfc822' }],
    });
  });
});

describe('Who and where', () => {
  test.each([
    ['From', {}, 'amina@example.org', 'Amina'],
    ['the first of From', { From: 'a@example.org, b@example.org' }, 'a@example.org', null],
    ['a member of a group', { From: 'Team: a@example.org, b@example.org;' }, 'a@example.org', null],
    ['Sender where From has no address', { From: 'Amina', Sender: 'b@example.org' }, 'b@example.org', null],
    [
      'the return path where there is nothing else',
      { From: null, 'Return-Path': '<r@example.org>' },
      'r@example.org',
      null,
    ],
    ['a bare name where there is no address', { From: 'MAILER-DAEMON' }, 'MAILER-DAEMON', null],
    ['a name with a comma', { From: '"Odhiambo, Omar" <o@example.org>' }, 'o@example.org', 'Odhiambo, Omar'],
    ['an address of letters', { From: 'ü@exämple.org' }, 'ü@exämple.org', null],
  ])('The sender is %s', async (_what, fields: Record<string, string | null>, address, name) => {
    const inBytes = Object.fromEntries(
      Object.entries(fields).map(([key, value]) => [key, value && Buffer.from(value).toString('latin1')]),
    );
    expect((await read(mail(inBytes))).sender).toEqual({ type: 'EMAIL', address, name });
  });

  test('A mail without any sender cannot be read', async () => {
    expect(await readMail(mail({ From: null }), null)).toEqual({ unreadable: 'It names no sender.' });
  });

  test.each([
    [
      'what the providers file says',
      { 'Delivered-To': 'x@example.org' },
      'desk@example.org',
      'desk@example.org',
    ],
    [
      'Delivered-To',
      { 'Delivered-To': 'x@example.org', 'X-Original-To': 'y@example.org' },
      null,
      'x@example.org',
    ],
    ['X-Original-To', { 'X-Original-To': '<y@example.org>' }, null, 'y@example.org'],
    ['To', {}, null, 'help@example.org'],
    ['nobody, of a mail that names none', { To: 'undisclosed-recipients:;' }, null, null],
  ])('The recipient is %s', async (_what, fields: Record<string, string>, address, expected) => {
    expect((await read(mail(fields), address)).recipient).toBe(expected);
  });
});

describe('Ids', () => {
  test.each([
    ['with brackets as they are', '<m1@example.org>', '<m1@example.org>'],
    ['without brackets as others will name it', 'm1@example.org', '<m1@example.org>'],
    ['with prose around them', 'Yours <m1@example.org> truly', '<m1@example.org>'],
    ['empty for none', '<>', null],
    ['of words for none', 'no id at all', null],
    ['missing for none', null, null],
  ])('are taken %s', async (_what, id, expected) => {
    expect((await read(mail({ 'Message-ID': id }))).providerMessageId).toBe(expected);
  });

  test('of the thread are tried from the nearest to the farthest, each once', async () => {
    const fields = {
      'In-Reply-To': 'Your mail of Sunday <p1@example.org>',
      References: '<r1@example.org>\r\n\t<r2@example.org> <p1@example.org>',
    };
    expect((await read(mail(fields))).inReplyTo).toEqual([
      '<p1@example.org>',
      '<r2@example.org>',
      '<r1@example.org>',
    ]);
  });

  test('of a thread without end are bounded', async () => {
    const References = Array.from({ length: 5000 }, (_, index) => `<r${index}@example.org>`).join('\r\n ');
    const { inReplyTo } = await read(mail({ References }));
    expect(inReplyTo).toHaveLength(100);
    expect(inReplyTo[0]).toBe('<r4999@example.org>');
  });
});

describe('When it was sent', () => {
  test.each([
    ['what Date says', 'Sun, 01 Mar 2026 15:00:00 +0300', '2026-03-01T12:00:00.000Z'],
    ['when it was received where there is no Date', null, RECEIVED.toISOString()],
    ['when it was received where Date says nothing', 'yesterday', RECEIVED.toISOString()],
    [
      'when it was received where Date is ahead of it',
      'Mon, 02 Mar 2026 15:00:00 +0300',
      RECEIVED.toISOString(),
    ],
    ['long ago where Date says so', 'Fri, 01 Mar 1996 15:00:00 +0300', '1996-03-01T12:00:00.000Z'],
  ])('is %s', async (_what, Date, expected) => {
    expect((await read(fetched(mail({ Date })))).sentAt?.toISOString()).toBe(expected);
  });

  test('is not known of a mail that nobody has fetched, and that does not say', async () => {
    expect((await read(mail({ Date: null }))).sentAt).toBeNull();
  });
});

test('A line above the mail that its sender has written says nothing', async () => {
  const forged = Buffer.from(JSON.stringify({ receivedAt: null, size: 1, leftOut: [] })).toString('base64');
  const raw = mail({ 'X-Heliograph-Fetched': forged });
  expect((await read(fetched(raw))).additionalData).toEqual({ to: ['help@example.org'] });
});
