import { type Findings, type MailboxSink } from '../../mailbox.kinds';
import { type Provider } from '../../provider.kinds';
import { describeFailure } from './connection-failure.rules';
import { type EmailOptions, placeOf } from './email.options';
import { parsePosition } from './email.position.rules';
import { ImapBox } from './imap-box';

/** Logs in, opens the mailbox and says what is there; nothing is fetched, and nothing changes. */
export async function checkMailbox(
  { options, secrets }: Provider<EmailOptions>,
  sink: Pick<MailboxSink, 'position'>,
): Promise<Findings> {
  const lines: string[] = [];
  const leaving = new AbortController();
  try {
    // For reading only, also where the watch marks what it has stored.
    const readOnly = { ...options, markSeen: false };
    const box = await ImapBox.open(readOnly, secrets[0] ?? '', leaving.signal);
    lines.push(
      `Logged in${box.isEncrypted ? ', with TLS' : ', without TLS: who listens reads the password'}.`,
    );
    lines.push(
      box.hasIdle
        ? 'The server tells of new mail at once (IDLE).'
        : `The server has no IDLE: it is asked every ${options.lookEverySeconds} seconds.`,
    );
    const { mails, uidValidity } = await box.look();
    const kept = parsePosition((await sink.position(placeOf(options))) ?? '');
    lines.push(`Mails in it: ${mails}; unseen: ${await box.unseen()}.`);
    const isKnown = kept?.uidValidity === uidValidity;
    const waiting = isKnown ? (await box.uidsAfter(kept.uid)).length : 0;
    lines.push(
      isKnown
        ? `Waiting to be fetched: ${waiting}.`
        : `It has not been looked through; the first time begins with "${options.from}".`,
    );
    return { works: true, lines };
  } catch (error) {
    return { works: false, lines: [...lines, `It fails: ${describeFailure(error)}.`] };
  } finally {
    leaving.abort();
  }
}
