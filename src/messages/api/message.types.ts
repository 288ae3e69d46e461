import { Field, ID, Int, ObjectType } from 'type-graphql';
import { DateTime, Json } from '../../platform/graphql/scalars';
import {
  MessageChannelEnum,
  MessageDirectionEnum,
  MessageStatusEnum,
  MessageTypeEnum,
} from './message.enums';
import {
  type JsonObject,
  type MessageChannel,
  type MessageDirection,
  type MessageStatus,
  type MessageType,
} from '../message.kinds';

/** How a message looks in GraphQL; the entity `Message` answers its plain fields. */
// Plain fields are read off the entity without a resolver: those of a page were a tenth of what it cost.
@ObjectType('Message', {
  simpleResolvers: true,
  description:
    'One message of the organisation: sent in by a person (INCOMING) or sent out to people (OUTGOING).',
})
export class MessageObject {
  @Field(() => ID, {
    description: 'A decimal whole number from 1 to 2^53−1, as text. Ids ascend and are never used again.',
  })
  readonly id!: number;

  @Field(() => Int, {
    description:
      '1 at creation, one more at every change. Give it as `expectedVersion` to change only what you have seen.',
  })
  readonly version!: number;

  @Field(() => MessageDirectionEnum, { description: 'Which way it goes. Never changes.' })
  readonly direction!: MessageDirection;

  @Field(() => MessageStatusEnum, { description: 'Where it stands.' })
  readonly status!: MessageStatus;

  @Field(() => MessageTypeEnum, { description: 'What it is for.' })
  readonly type!: MessageType;

  @Field(() => String, { nullable: true, description: 'Its title or subject; at most 255 characters.' })
  readonly title!: string | null;

  @Field(() => String, {
    description: 'The message as it was written; may hold HTML, returned as stored. 1 to 65,535 characters.',
  })
  readonly message!: string;

  @Field(() => String, {
    description:
      'The message as plain text. Equal to `message` unless that holds an HTML element: then tags are gone, line breaks ' +
      'and blocks are new lines, and entities are decoded.',
  })
  readonly text!: string;

  @Field(() => String, {
    description:
      'A short human name: the title, else the first line of `text` cut to 80 characters with `…`, else `Message 12`.',
  })
  readonly label!: string;

  @Field(() => [MessageChannelEnum], { description: 'By which ways it came or is to go; at least one.' })
  readonly channels!: MessageChannel[];

  @Field(() => [ID], {
    description:
      'The users that an OUTGOING message is addressed to by name. Without any it goes to the contact of `contactId`; ' +
      'without that too, to everyone.',
  })
  readonly recipientIds!: string[];

  @Field(() => ID, { nullable: true, description: 'The message that this one replies to. Never changes.' })
  readonly parentId!: number | null;

  @Field(() => ID, { nullable: true, description: 'The contact that it came from or is addressed to.' })
  readonly contactId!: string | null;

  @Field(() => ID, { nullable: true, description: 'The post (a report, a case) that it belongs to.' })
  readonly postId!: string | null;

  @Field(() => ID, { nullable: true, description: 'The feed, number or mailbox that it came in by.' })
  readonly dataFeedId!: string | null;

  @Field(() => ID, { nullable: true, description: 'The data provider that brought it in or is to carry it.' })
  readonly dataProviderId!: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'The data provider’s own id of it; together with `dataProviderId` unique in the store. Never changes once set.',
  })
  readonly dataProviderMessageId!: string | null;

  @Field(() => Json, {
    nullable: true,
    description:
      'Whatever else is known of it: a JSON object of at most 16 KiB, at most 60 levels deep, key order kept (keys that are whole numbers come ' +
      'first, as JavaScript has it). Media stand in it as `media: [{url, contentType, size, name}]`.',
  })
  readonly additionalData!: JsonObject | null;

  @Field(() => Boolean, { description: 'Whether it has a schedule.' })
  readonly repeats!: boolean;

  @Field(() => DateTime, {
    nullable: true,
    description: 'When it is to be sent; null for as soon as possible, and for a repeating message.',
  })
  readonly sendAt!: Date | null;

  @Field(() => DateTime, {
    nullable: true,
    description:
      'When it was sent. Of an OUTGOING message set exactly when it has been SENT; of an INCOMING one what its service tells, null where it tells nothing.',
  })
  readonly sentAt!: Date | null;

  @Field(() => DateTime, {
    description: 'When it came into the store, or was written where it came from. Never changes.',
  })
  readonly createdAt!: Date;

  @Field(() => DateTime, { description: 'When it last changed.' })
  readonly updatedAt!: Date;
}
