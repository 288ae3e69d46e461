import { ArgsType, Field, ID, Int } from 'type-graphql';
import { KEY_OPTIONS } from '../../platform/graphql/idempotency-key';
import { declarePage } from '../../platform/graphql/page.arguments';
import { BatchErrorPolicyEnum, MessageStatusEnum } from './message.enums';
import { CreateMessageInput, MessageBatchUpdate, UpdateMessageInput } from './message.inputs';
import { type BatchErrorPolicy, type MessageStatus } from '../message.kinds';
import { MessageFilterInput, MessageOrderInput } from './message.list.types';

@ArgsType()
export class ListArguments {
  @Field(() => MessageFilterInput, {
    nullable: true,
    description: 'Which messages; without it, those INCOMING and not ARCHIVED.',
  })
  readonly filter?: MessageFilterInput | null;

  @Field(() => MessageOrderInput, {
    nullable: true,
    description: 'In which order; without it, the newest first.',
  })
  readonly orderBy?: MessageOrderInput | null;

  readonly first?: number | null;
  readonly after?: string | null;
  readonly last?: number | null;
  readonly before?: string | null;
  readonly offset?: number | null;
}
declarePage(ListArguments);

@ArgsType()
export class ContactMessagesArguments {
  @Field(() => MessageFilterInput, {
    nullable: true,
    description: 'Which of them; without it, all, of either direction and any status.',
  })
  readonly filter?: MessageFilterInput | null;

  @Field(() => MessageOrderInput, {
    nullable: true,
    description: 'In which order; without it, the newest first.',
  })
  readonly orderBy?: MessageOrderInput | null;

  readonly first?: number | null;
  readonly after?: string | null;
  readonly last?: number | null;
  readonly before?: string | null;
  readonly offset?: number | null;
}
declarePage(ContactMessagesArguments);

const POLICY_OPTIONS = {
  defaultValue: 'ATOMIC',
  description: 'What a refused item means for the rest of the batch.',
};

@ArgsType()
export class CreateMessageArguments {
  @Field(() => CreateMessageInput, { description: 'The message.' })
  readonly input!: CreateMessageInput;

  @Field(() => String, KEY_OPTIONS)
  readonly idempotencyKey?: string | null;
}

@ArgsType()
export class UpdateMessageArguments {
  @Field(() => ID, { description: 'The message to change.' })
  readonly id!: string;

  @Field(() => UpdateMessageInput, { description: 'What to change.' })
  readonly input!: UpdateMessageInput;
}

@ArgsType()
export class UpdateMessageStatusArguments {
  @Field(() => ID, { description: 'The message to move.' })
  readonly id!: string;

  @Field(() => MessageStatusEnum, { description: 'Where to.' })
  readonly status!: MessageStatus;

  @Field(() => Int, {
    nullable: true,
    description: 'The `version` that you have seen: refused with CONFLICT if the message has moved on.',
  })
  readonly expectedVersion?: number | null;
}

@ArgsType()
export class BatchCreateArguments {
  @Field(() => [CreateMessageInput], { description: 'The messages, 1 to 500.' })
  readonly inputs!: CreateMessageInput[];

  @Field(() => BatchErrorPolicyEnum, POLICY_OPTIONS)
  readonly errorPolicy!: BatchErrorPolicy;

  @Field(() => String, KEY_OPTIONS)
  readonly idempotencyKey?: string | null;
}

@ArgsType()
export class BatchUpdateArguments {
  @Field(() => [MessageBatchUpdate], { description: 'What to change, 1 to 500; each message once.' })
  readonly resources!: MessageBatchUpdate[];

  @Field(() => BatchErrorPolicyEnum, POLICY_OPTIONS)
  readonly errorPolicy!: BatchErrorPolicy;

  @Field(() => String, KEY_OPTIONS)
  readonly idempotencyKey?: string | null;
}

@ArgsType()
export class BatchUpdateStatusArguments {
  @Field(() => [ID], { description: 'The messages to move, 1 to 500; each once.' })
  readonly ids!: string[];

  @Field(() => MessageStatusEnum, { description: 'Where to.' })
  readonly status!: MessageStatus;

  @Field(() => BatchErrorPolicyEnum, POLICY_OPTIONS)
  readonly errorPolicy!: BatchErrorPolicy;

  @Field(() => String, KEY_OPTIONS)
  readonly idempotencyKey?: string | null;
}
