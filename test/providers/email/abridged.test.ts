import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { abridged } from '../../../src/providers/kinds/email/abridged.rules';
import { readMail } from '../../../src/providers/kinds/email/read-mail';
import { lines, mail, multipart } from '../../support/mails';

const film = [
  'Content-Type: video/mp4; name=well.mp4',
  'Content-Disposition: attachment',
  '',
  'x'.repeat(200_000),
];
const words = ['Content-Type: text/plain', '', 'The well\u0007 is dry.'];

test('a mail that is kept for good leaves out what its files hold, and says the same', async () => {
  const whole = multipart('multipart/mixed', [film, words, film], { Subject: 'Two films' });
  const short = abridged(whole);
  expect(short.length).toBeLessThan(2_000);
  expect(short.toString('latin1')).toContain('The well\u0007 is dry.');
  const [read, again] = await Promise.all([readMail(whole, null), readMail(short, null)]);
  expect(again).toMatchObject({
    ...('text' in read ? { text: read.text, title: read.title, sentAt: read.sentAt } : {}),
    media: [{ name: 'well.mp4' }, { name: 'well.mp4' }],
  });
});

test('a text that is sent as a file is left out, and one inside another part is not', () => {
  const inner = lines('--in', 'Content-Type: text/html', '', '<p>Look', '--in--');
  const tree = ['Content-Type: multipart/alternative;', ' boundary=in', '', inner];
  const log = ['Content-Type: text/plain', 'Content-Disposition: attachment', '', 'secret log'];
  const short = abridged(multipart('multipart/mixed', [tree, log])).toString('latin1');
  expect(short).toContain('<p>Look');
  expect(short).not.toContain('secret log');
});

test('a mail without files stays as it is, to the byte', () => {
  expect(abridged(mail()).equals(mail())).toBe(true);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), bytes => {
      const whole = Buffer.concat([mail(), bytes]);
      expect(abridged(whole).equals(whole)).toBe(true);
    }),
  );
});
