import { Field, ID, InputType, Int } from 'type-graphql';
import { DateTime, Json } from '../../platform/graphql/scalars';
import { MessageScheduleInput } from '../../schedules/schedule.types';
import { MessageChannelEnum, MessageStatusEnum, MessageTypeEnum } from './message.enums';
import {
  type JsonObject,
  type MessageChannel,
  type MessageDraft,
  type MessagePatch,
  type MessageStatus,
  type MessageType,
} from '../message.kinds';

const REPLY = 'A reply takes its parent’s where this is left out; null keeps it empty.';

@InputType({
  description:
    'A new OUTGOING message. It is addressed to the users in `recipientIds` if there are any, else to the contact of ' +
    '`contactId`, else to everyone.',
})
export class CreateMessageInput implements MessageDraft {
  @Field(() => String, {
    description:
      'What it says; may hold HTML. 1 to 65,535 characters, not blank. Line ends become LF, text becomes NFC; control ' +
      'characters other than tab and newline are refused.',
  })
  readonly message!: string;

  @Field(() => String, { nullable: true, description: 'Its title or subject; at most 255 characters.' })
  readonly title?: string | null;

  @Field(() => MessageTypeEnum, {
    nullable: true,
    description: 'What it is for; of a reply that of its parent, else ALERT.',
  })
  readonly type?: MessageType | null;

  @Field(() => [MessageChannelEnum], {
    nullable: true,
    description:
      'By which ways it is to go: at least one, unless it is a reply, which then takes its parent’s. Doubles are folded.',
  })
  readonly channels?: MessageChannel[] | null;

  @Field(() => [ID], {
    nullable: true,
    description:
      'The users it is addressed to by name, at most 10,000; leave it out to address the contact or everyone.',
  })
  readonly recipientIds?: string[] | null;

  @Field(() => ID, {
    nullable: true,
    description: 'The message that it replies to; an unknown one is refused.',
  })
  readonly parentId?: string | null;

  @Field(() => ID, {
    nullable: true,
    description: `The contact it is addressed to; at most 64 characters. ${REPLY}`,
  })
  readonly contactId?: string | null;

  @Field(() => ID, { nullable: true, description: 'The post that it belongs to; at most 64 characters.' })
  readonly postId?: string | null;

  @Field(() => ID, {
    nullable: true,
    description: `The feed, number or mailbox; at most 320 characters. ${REPLY}`,
  })
  readonly dataFeedId?: string | null;

  @Field(() => ID, {
    nullable: true,
    description: `The data provider that is to carry it; at most 64 characters. ${REPLY}`,
  })
  readonly dataProviderId?: string | null;

  @Field(() => Json, {
    nullable: true,
    description:
      'Whatever else is known of it: a JSON object of at most 16 KiB and 60 levels, whose texts hold no U+0000 and no lone ' +
      'surrogates, and whose numbers fit into 64-bit floating point.',
  })
  readonly additionalData?: JsonObject | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'True needs a `schedule`; a schedule alone says it too.',
  })
  readonly repeats?: boolean | null;

  @Field(() => MessageScheduleInput, {
    nullable: true,
    description: 'When it repeats. Not together with `sendAt`.',
  })
  readonly schedule?: MessageScheduleInput | null;

  @Field(() => DateTime, {
    nullable: true,
    description: 'When it is to be sent; left out for as soon as possible. At most 5 minutes in the past.',
  })
  readonly sendAt?: Date | null;
}

@InputType({
  description:
    'What to change. A field left out stays as it is; null clears one that may be empty. Of an INCOMING message only ' +
    '`status` changes: the rest is ignored, and named in `ignoredFields`.',
})
export class UpdateMessageInput implements MessagePatch {
  @Field(() => String, { nullable: true, description: 'What it says; 1 to 65,535 characters, not null.' })
  readonly message?: string | null;

  @Field(() => String, { nullable: true, description: 'Its title; at most 255 characters, null for none.' })
  readonly title?: string | null;

  @Field(() => MessageTypeEnum, { nullable: true, description: 'What it is for; not null.' })
  readonly type?: MessageType | null;

  @Field(() => [MessageChannelEnum], {
    nullable: true,
    description: 'By which ways it is to go: at least one; not null.',
  })
  readonly channels?: MessageChannel[] | null;

  @Field(() => [ID], {
    nullable: true,
    description: 'The users it is addressed to by name; null or empty for none.',
  })
  readonly recipientIds?: string[] | null;

  @Field(() => ID, { nullable: true, description: 'The contact it is addressed to; null for none.' })
  readonly contactId?: string | null;

  @Field(() => ID, { nullable: true, description: 'The post that it belongs to; null for none.' })
  readonly postId?: string | null;

  @Field(() => ID, { nullable: true, description: 'The feed, number or mailbox; null for none.' })
  readonly dataFeedId?: string | null;

  @Field(() => ID, { nullable: true, description: 'The data provider; null for none.' })
  readonly dataProviderId?: string | null;

  @Field(() => Json, { nullable: true, description: 'Replaces the former object whole; null for none.' })
  readonly additionalData?: JsonObject | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'False takes the schedule away; true needs one, given here or there already; not null.',
  })
  readonly repeats?: boolean | null;

  @Field(() => MessageScheduleInput, {
    nullable: true,
    description:
      'Replaces the former schedule whole and clears `sendAt`; null takes it away (`repeats: false`).',
  })
  readonly schedule?: MessageScheduleInput | null;

  @Field(() => DateTime, {
    nullable: true,
    description:
      'When it is to be sent, at most 5 minutes in the past; null for as soon as possible. Not while it repeats.',
  })
  readonly sendAt?: Date | null;

  @Field(() => DateTime, {
    nullable: true,
    description:
      'When it was sent, at most 5 minutes in the future: makes a PENDING message SENT, and corrects a SENT one. ' +
      'Refused with any other status, and while occurrences of a repeating message are to come.',
  })
  readonly sentAt?: Date | null;

  @Field(() => MessageStatusEnum, {
    nullable: true,
    description:
      'Where it goes next; see MessageStatus for what may follow what. The status it has already is accepted.',
  })
  readonly status?: MessageStatus | null;

  @Field(() => Int, {
    nullable: true,
    description:
      'The `version` that you have seen: the change is refused with CONFLICT if the message has moved on.',
  })
  readonly expectedVersion?: number | null;
}

@InputType({ description: 'One item of a batch update: which message, and what to change of it.' })
export class MessageBatchUpdate {
  @Field(() => ID, { description: 'The message to change; each at most once in a batch.' })
  readonly id!: string;

  @Field(() => UpdateMessageInput, { description: 'What to change.' })
  readonly patch!: UpdateMessageInput;
}
