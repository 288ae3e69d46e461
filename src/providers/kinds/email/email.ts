import { type RegisteredMailbox } from '../../kind';
import { type MailboxKind } from '../../mailbox.kinds';
import { type Provider } from '../../provider.kinds';
import { abridged } from './abridged.rules';
import { PACE, type Pace } from './backoff';
import { checkMailbox } from './check-mailbox';
import { type EmailOptions, emailOptions } from './email.options';
import { MailboxWatch } from './mailbox-watch';
import { readMail } from './read-mail';

/** Mailboxes that speak IMAP. */
export const email: RegisteredMailbox = {
  channel: 'MAIL',
  options: emailOptions,
  // The provider's secret is the password, which the mail server has handed out or taken.
  minSecretLength: 1,
  mailbox: emailMailbox(PACE),
};

/** @param pace of tries after one that failed; tests are in a hurry. */
export function emailMailbox(pace: Pace): MailboxKind<EmailOptions> {
  return {
    name: 'email',
    read: (raw, { options }) => readMail(raw, options.address ?? null),
    abridged,
    start: (provider, sink, log) => new MailboxWatch(provider, sink, log, pace),
    check: (provider: Provider<EmailOptions>, position) => checkMailbox(provider, position),
  };
}
