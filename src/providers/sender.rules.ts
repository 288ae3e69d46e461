import { type ContactType } from '../contacts/contact.kinds';
import { type MessageChannel } from '../messages/message.kinds';

/** By what kind of address people write who come by a channel. */
export const SENDER_TYPES: Readonly<Record<MessageChannel, ContactType>> = {
  BROADCAST: 'OTHER',
  DATABASE: 'OTHER',
  DISCORD_PRIVATE: 'DISCORD',
  DISCORD_PUBLIC: 'DISCORD',
  MAIL: 'EMAIL',
  SMS: 'PHONE',
  WHATSAPP: 'WHATSAPP',
  TELEGRAM: 'TELEGRAM',
  OTHER: 'OTHER',
};
