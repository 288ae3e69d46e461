import { type Delivery, type UnreadableItem } from '../../provider.kinds';
import { readDelivery } from './email.delivery.rules';
import { parseMail } from './parse-mail';
import { unstamped } from './stamp.rules';

/** A mail as it was fetched, as the message that it is to become. Never throws for what it holds. */
export async function readMail(raw: Buffer, address: string | null): Promise<Delivery | UnreadableItem> {
  const { stamp, source } = unstamped(raw);
  try {
    return readDelivery(await parseMail(source), { address, stamp });
  } catch (error) {
    // What the parser says may quote the mail.
    return {
      unreadable: `It is no mail that can be read (${error instanceof Error ? error.name : 'unknown'}).`,
    };
  }
}
