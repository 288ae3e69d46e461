import { describe, expect, test } from '@jest/globals';
import { emailOptions, placeOf } from '../../../src/providers/kinds/email/email.options';
import { checkProviders } from '../../../src/providers/setup/providers-file';

const WELL = { id: 'desk', kind: 'email', host: 'imap.example.org', user: 'help@example.org', secret: 'pw' };

function check(provider: object, environment: NodeJS.ProcessEnv = {}): unknown {
  const text = JSON.stringify({ providers: [provider] });
  return checkProviders(text, null, environment)[0]?.provider.options;
}

describe('What the providers file says of a mailbox', () => {
  test('is host and user at least; the rest is what is safe', () => {
    expect(check(WELL)).toEqual({
      host: 'imap.example.org',
      user: 'help@example.org',
      mailbox: 'INBOX',
      tls: true,
      tlsInsecure: false,
      from: 'unseen',
      markSeen: false,
      maxBytes: 26_214_400,
      lookEverySeconds: 120,
    });
  });

  test('may come from the environment', () => {
    const provider = { ...WELL, port: '${PORT}', markSeen: '${SEEN}' };
    expect(check(provider, { PORT: '1993', SEEN: 'true' })).toMatchObject({ port: 1993, markSeen: true });
  });

  test.each([
    ['no password', { secret: undefined }, 'secret is missing: the password of the mailbox'],
    ['no password, even if it is insecure', { secret: undefined, insecure: true }, 'secret is missing'],
    ['no TLS', { tls: false }, 'tls must not be false unless the provider says "insecure: true"'],
    ['any certificate', { tlsInsecure: true }, 'tlsInsecure needs "insecure: true" beside it'],
    ['no host', { host: undefined }, 'host must be a text'],
    ['a port that is none', { port: 70_000 }, 'port must be a whole number from 1 to 65535'],
    ['a word for TLS', { tls: 'ssl' }, 'tls must be true, starttls or false'],
    ['another beginning', { from: 'yesterday' }, 'from must be one of unseen, all, now'],
    ['an address that is none', { address: 'desk' }, 'address must be a mail address'],
    ['a misspelt name', { mailBox: 'INBOX' }, 'mailBox is no setting of this kind'],
  ])('is refused with %s', (_what, change, expected) => {
    expect(() => check({ ...WELL, ...change })).toThrow(`providers.0.${expected}`);
  });

  test.each([{ tls: false }, { tlsInsecure: true }])('may be insecure in so many words: %j', change => {
    expect(check({ ...WELL, ...change, insecure: true })).toMatchObject(change);
  });
});

describe('The position is kept under a name', () => {
  const place = (change: object): string =>
    placeOf(emailOptions.parse({ host: 'imap.example.org', user: 'help@example.org', ...change }));

  test('that another user does not share', () => {
    expect(place({ user: 'team@example.org' })).not.toBe(place({}));
  });

  test('that another mailbox does not share', () => {
    expect(place({ mailbox: 'Reports' })).not.toBe(place({}));
  });

  test('that stays when the server moves, and INBOX is written otherwise', () => {
    expect(place({ host: 'mail.example.org', port: 1993, mailbox: 'inbox' })).toBe(place({}));
  });

  test('that holds no address', () => {
    expect(place({})).not.toMatch(/help|example|@/);
  });
});
