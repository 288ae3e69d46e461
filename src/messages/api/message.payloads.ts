import { Field, ID, Int, ObjectType } from 'type-graphql';
import { MessageStatusEnum } from './message.enums';
import { type MessageStatus } from '../message.kinds';
import { MessageObject } from './message.types';

@ObjectType({ description: 'A message that was written, or that was already as asked.' })
export class MessagePayload {
  @Field(() => MessageObject, { description: 'The message as it stands now.' })
  readonly message!: object;

  @Field(() => [String], {
    description: 'The fields that were given but that an INCOMING message does not take.',
  })
  readonly ignoredFields!: readonly string[];
}

@ObjectType({ description: 'Why one item of a batch was refused.' })
export class BatchItemError {
  @Field(() => String, {
    description: 'A stable code: BAD_USER_INPUT, NOT_FOUND, INVALID_STATUS_TRANSITION or CONFLICT.',
  })
  readonly code!: string;

  @Field(() => String, { description: 'What is wrong, for people.' })
  readonly message!: string;

  @Field(() => [String], { description: 'Where, from the item on, such as `["patch", "title"]`.' })
  readonly path!: readonly string[];

  @Field(() => [MessageStatusEnum], {
    nullable: true,
    description: 'With INVALID_STATUS_TRANSITION: the statuses that the message could take instead.',
  })
  readonly allowed?: readonly MessageStatus[] | null;
}

@ObjectType({ description: 'What became of one item of a batch.' })
export class BatchMessageResult {
  @Field(() => Int, { description: 'The place of the item in the input, from 0.' })
  readonly index!: number;

  @Field(() => ID, {
    nullable: true,
    description: 'The message: as asked for, or new; null where none was created.',
  })
  readonly id!: string | null;

  @Field(() => Boolean, {
    description: 'Whether the item was accepted, and the batch with it; true also if nothing changed.',
  })
  readonly applied!: boolean;

  @Field(() => MessageObject, {
    nullable: true,
    description: 'The message as it stands in the store afterwards; null where there is none.',
  })
  readonly message!: object | null;

  @Field(() => [String], {
    description: 'The fields that an INCOMING message did not take; empty where it was refused.',
  })
  readonly ignoredFields!: readonly string[];

  @Field(() => [BatchItemError], { description: 'Why the item was refused; empty where it was not.' })
  readonly errors!: readonly BatchItemError[];
}

@ObjectType({ description: 'What became of a batch.' })
export class BatchMessagesPayload {
  @Field(() => [BatchMessageResult], { description: 'One result for each item, in the order of the input.' })
  readonly results!: readonly BatchMessageResult[];

  @Field(() => Int, { description: 'How many items were applied.' })
  readonly succeeded!: number;

  @Field(() => Int, { description: 'How many were not.' })
  readonly failed!: number;
}
