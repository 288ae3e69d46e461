import { pino } from 'pino';
import { emailMailbox } from '../../src/providers/kinds/email/email';
import { type EmailOptions, emailOptions } from '../../src/providers/kinds/email/email.options';
import { type MailboxSink, type RunningMailbox } from '../../src/providers/mailbox.kinds';
import { type Provider } from '../../src/providers/provider.kinds';
import { type Dovecot } from './dovecot';

/** In a hurry, because a test waits for it. */
const mailbox = emailMailbox({ first: 2, longest: 20 });

/** A watch, and what it has logged. */
export interface WatchedMailbox extends RunningMailbox {
  readonly log: () => string;
}

/** The provider of a test server's inbox; by default nothing but being told makes it look twice. */
export function providerOf(
  { port, user, password }: Dovecot,
  options: Partial<EmailOptions> = {},
  secrets: readonly string[] = [password],
): Provider<EmailOptions> {
  const given = emailOptions.parse({
    host: 'localhost',
    port,
    user,
    tls: false,
    insecure: true,
    lookEverySeconds: 1500,
  });
  return {
    id: 'desk',
    name: 'desk',
    channel: 'MAIL',
    type: null,
    region: null,
    feed: null,
    secrets,
    options: { ...given, ...options },
  };
}

export function watchMailbox(provider: Provider<EmailOptions>, sink: MailboxSink): WatchedMailbox {
  let logged = '';
  const log = pino({ level: 'debug' }, { write: (line: string) => (logged += line) });
  const running = mailbox.start(provider, sink, log.child({ provider: provider.id }));
  return { stop: () => running.stop(), log: () => logged };
}

export const checkMailbox = (
  provider: Provider<EmailOptions>,
  sink: MailboxSink,
): ReturnType<typeof mailbox.check> => mailbox.check(provider, sink);
