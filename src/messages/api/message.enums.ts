import { registerEnumType } from 'type-graphql';
import { enumOf } from '../../platform/graphql/enums';
import {
  BATCH_ERROR_POLICIES,
  MESSAGE_CHANNELS,
  MESSAGE_DIRECTIONS,
  MESSAGE_STATUSES,
  MESSAGE_TYPES,
} from '../message.kinds';

export const MessageDirectionEnum = enumOf(MESSAGE_DIRECTIONS);
registerEnumType(MessageDirectionEnum, {
  name: 'MessageDirection',
  description: 'Which way a message goes. It never changes.',
  valuesConfig: {
    INCOMING: {
      description: 'From a person to the organisation, through a data provider. Only its status can change.',
    },
    OUTGOING: { description: 'From the organisation to people; created through this API.' },
  },
});

export const MessageStatusEnum = enumOf(MESSAGE_STATUSES);
registerEnumType(MessageStatusEnum, {
  name: 'MessageStatus',
  description:
    'Where a message stands. INCOMING: RECEIVED ⇄ ARCHIVED. OUTGOING: PENDING → SENT, FAILED, EXPIRED, CANCELLED or ' +
    'ARCHIVED; CANCELLED and EXPIRED → PENDING or ARCHIVED; FAILED → PENDING, CANCELLED or ARCHIVED; SENT → ARCHIVED; ' +
    'ARCHIVED → SENT where it had been sent, else CANCELLED. Any other change is refused with INVALID_STATUS_TRANSITION.',
  valuesConfig: {
    PENDING: { description: 'OUTGOING: waits to be sent, now or at `sendAt`, or has occurrences to come.' },
    SENT: { description: 'OUTGOING: has been sent, at `sentAt`.' },
    RECEIVED: { description: 'INCOMING: has arrived, and is in the inbox.' },
    EXPIRED: { description: 'OUTGOING: its time went by before it could be sent.' },
    CANCELLED: { description: 'OUTGOING: will not be sent, because somebody decided so.' },
    FAILED: { description: 'OUTGOING: could not be sent; going back to PENDING tries again.' },
    ARCHIVED: { description: 'Put away: lists leave it out unless they ask for it.' },
  },
});

export const MessageTypeEnum = enumOf(MESSAGE_TYPES);
registerEnumType(MessageTypeEnum, {
  name: 'MessageType',
  description: 'What a message is for.',
  valuesConfig: {
    REPORT: { description: 'Tells what somebody saw or needs; the default of incoming messages.' },
    REVISION: { description: 'Corrects or completes an earlier message.' },
    COMMENT: { description: 'A remark on something else.' },
    ALERT: { description: 'Calls for attention; the default of outgoing messages.' },
  },
});

export const MessageChannelEnum = enumOf(MESSAGE_CHANNELS);
registerEnumType(MessageChannelEnum, {
  name: 'MessageChannel',
  description: 'By what way a message came, or is to go.',
  valuesConfig: {
    BROADCAST: { description: 'To everyone who listens, by whatever service carries broadcasts.' },
    DATABASE: { description: 'Within the organisation’s own apps.' },
    DISCORD_PRIVATE: { description: 'Discord, as a direct message.' },
    DISCORD_PUBLIC: { description: 'Discord, in a channel.' },
    MAIL: { description: 'Electronic mail.' },
    SMS: { description: 'Short message to a phone.' },
    WHATSAPP: { description: 'WhatsApp.' },
    TELEGRAM: { description: 'Telegram.' },
    OTHER: { description: 'Any other way.' },
  },
});

export const BatchErrorPolicyEnum = enumOf(BATCH_ERROR_POLICIES);
registerEnumType(BatchErrorPolicyEnum, {
  name: 'BatchErrorPolicy',
  description: 'What a refused item means for the rest of its batch.',
  valuesConfig: {
    ATOMIC: { description: 'All or nothing: one refused item, and nothing of the batch is written.' },
    PARTIAL: { description: 'Each for itself: what is valid is written, the rest carries its errors.' },
  },
});
