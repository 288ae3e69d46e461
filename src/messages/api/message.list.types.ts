import { Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { type SortDirection } from '../../platform/database/sort-directions';
import { DateTimeRange } from '../../platform/graphql/date-time-range.types';
import { enumOf } from '../../platform/graphql/enums';
import { PageInfo } from '../../platform/graphql/page-info.types';
import { SortDirectionEnum } from '../../platform/graphql/sort-direction.enum';
import {
  MessageChannelEnum,
  MessageDirectionEnum,
  MessageStatusEnum,
  MessageTypeEnum,
} from './message.enums';
import { type MessageFilter } from '../lists/message.filter';
import {
  type MessageChannel,
  type MessageDirection,
  type MessageStatus,
  type MessageType,
} from '../message.kinds';
import { MESSAGE_ORDER_FIELDS, type MessageOrderField } from '../lists/message.order';
import { MessageObject } from './message.types';

const MessageOrderFieldEnum = enumOf(MESSAGE_ORDER_FIELDS);
registerEnumType(MessageOrderFieldEnum, {
  name: 'MessageOrderField',
  description: 'What a list is ordered by. The id breaks ties, in the same direction.',
  valuesConfig: {
    ID: { description: 'By `id`, as a number.' },
    CREATED_AT: { description: 'By `createdAt`.' },
    UPDATED_AT: { description: 'By `updatedAt`. A message that changes while you page moves in this order.' },
    SEND_AT: { description: 'By `sendAt`, those without it last.' },
    SENT_AT: { description: 'By `sentAt`, those without it last.' },
    TITLE: { description: 'By `title`, by Unicode code point, those without it last.' },
    TYPE: { description: 'By the name of `type`.' },
    STATUS: { description: 'By the name of `status`.' },
  },
});

const ANY_OF = 'any of these; 1 to 500 of them';

@InputType('MessageFilter', {
  description:
    'Which messages to list. Fields are joined by AND, the values of one list by OR; a null value is as if it were left ' +
    'out. Unless `direction` stands anywhere in the filter only INCOMING messages are listed, and unless `status` does, ' +
    'only those not ARCHIVED; `id` at the top lifts both. `and`, `or` and `not` nest at most 4 deep, with at most 50 ' +
    'conditions in all.',
})
export class MessageFilterInput implements MessageFilter {
  @Field(() => [ID], {
    nullable: true,
    description: `Has ${ANY_OF}. An id that names nothing matches nothing.`,
  })
  readonly id?: string[] | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Title or message holds this text, whatever the case of its letters: `ÜBER` finds `über`. Taken literally, no character ' +
      'has a special meaning. 1 to 1,000 characters, not blank.',
  })
  readonly q?: string | null;

  @Field(() => [MessageTypeEnum], { nullable: true, description: `Its type is ${ANY_OF}.` })
  readonly type?: MessageType[] | null;

  @Field(() => [MessageDirectionEnum], { nullable: true, description: `Its direction is ${ANY_OF}.` })
  readonly direction?: MessageDirection[] | null;

  @Field(() => [MessageStatusEnum], { nullable: true, description: `Its status is ${ANY_OF}.` })
  readonly status?: MessageStatus[] | null;

  @Field(() => [MessageChannelEnum], { nullable: true, description: `Its channels include ${ANY_OF}.` })
  readonly channel?: MessageChannel[] | null;

  @Field(() => [ID], {
    nullable: true,
    description: `Is addressed by name, in \`recipientIds\`, to ${ANY_OF}.`,
  })
  readonly recipientId?: string[] | null;

  @Field(() => [ID], { nullable: true, description: `Replies to ${ANY_OF}.` })
  readonly parentId?: string[] | null;

  @Field(() => [ID], { nullable: true, description: `Its contact is ${ANY_OF}.` })
  readonly contactId?: string[] | null;

  @Field(() => [ID], { nullable: true, description: `Its post is ${ANY_OF}.` })
  readonly postId?: string[] | null;

  @Field(() => [ID], { nullable: true, description: `Its data feed is ${ANY_OF}.` })
  readonly dataFeedId?: string[] | null;

  @Field(() => [ID], { nullable: true, description: `Its data provider is ${ANY_OF}.` })
  readonly dataProviderId?: string[] | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether it has a schedule.' })
  readonly repeats?: boolean | null;

  @Field(() => DateTimeRange, { nullable: true, description: 'When it is to be sent.' })
  readonly sendAt?: DateTimeRange | null;

  @Field(() => DateTimeRange, { nullable: true, description: 'When it was sent.' })
  readonly sentAt?: DateTimeRange | null;

  @Field(() => DateTimeRange, { nullable: true, description: 'When it was created.' })
  readonly createdAt?: DateTimeRange | null;

  @Field(() => DateTimeRange, { nullable: true, description: 'When it last changed.' })
  readonly updatedAt?: DateTimeRange | null;

  @Field(() => [MessageFilterInput], { nullable: true, description: 'All of these hold.' })
  readonly and?: MessageFilterInput[] | null;

  @Field(() => [MessageFilterInput], { nullable: true, description: 'At least one of these holds.' })
  readonly or?: MessageFilterInput[] | null;

  @Field(() => MessageFilterInput, {
    nullable: true,
    description: 'This does not hold. A condition on a field that is empty does not hold, so its `not` does.',
  })
  readonly not?: MessageFilterInput | null;
}

@InputType('MessageOrder', { description: 'The order of a list.' })
export class MessageOrderInput {
  @Field(() => MessageOrderFieldEnum, { defaultValue: 'CREATED_AT', description: 'What to order by.' })
  readonly field!: MessageOrderField;

  @Field(() => SortDirectionEnum, { defaultValue: 'DESC', description: 'Which end comes first.' })
  readonly direction!: SortDirection;
}

@ObjectType({ description: 'A message in its place in a list.' })
export class MessageEdge {
  @Field(() => String, {
    description:
      'Its place in the list, opaque. Good for `after` and `before` under the same order, however old it is.',
  })
  readonly cursor!: string;

  @Field(() => MessageObject, { description: 'The message.' })
  readonly node!: object;
}

@ObjectType({ description: 'One page of a list of messages, as Relay’s connections have it.' })
export class MessageConnection {
  @Field(() => [MessageEdge], { description: 'The messages of the page, each with its cursor.' })
  readonly edges!: readonly MessageEdge[];

  @Field(() => [MessageObject], { description: 'The messages of the page.' })
  readonly nodes!: readonly object[];

  @Field(() => PageInfo, { description: 'Where the page stands in its list.' })
  readonly pageInfo!: PageInfo;

  @Field(() => Int, {
    description: 'How many messages the filter matches in all. Counted only when it is selected.',
  })
  readonly totalCount!: number;
}
