import { ArgsType, Field, ID, Int } from 'type-graphql';
import { BatchErrorPolicyEnum, MessageStatusEnum } from './message.enums';
import { CreateMessageInput, MessageBatchUpdate, UpdateMessageInput } from './message.inputs';
import { type BatchErrorPolicy, type MessageStatus } from '../message.kinds';
import { MessageFilterInput, MessageOrderInput } from './message.list.types';

/** Which page of a list. Absent and null are the same here. */
@ArgsType()
export class PageArguments {
  readonly first?: number | null;
  readonly after?: string | null;
  readonly last?: number | null;
  readonly before?: string | null;
  readonly offset?: number | null;
}

const PAGE_FIELDS = {
  first: {
    type: () => Int,
    description:
      'The first so many, 1 to 500; 50 when neither `first` nor `last` is given. Not with `last` or `before`.',
  },
  after: {
    type: () => String,
    description: 'Only what comes after this cursor. Not with `last`, `before` or `offset`.',
  },
  last: {
    type: () => Int,
    description: 'The last so many, 1 to 500. Not with `first`, `after` or `offset`.',
  },
  before: {
    type: () => String,
    description: 'Only what comes before this cursor. Not with `first`, `after` or `offset`.',
  },
  offset: {
    type: () => Int,
    description:
      'Leave out so many, 0 or more; with `first` or alone. For jumping to a page; to walk a list, cursors are quicker ' +
      'and neither miss nor repeat anything when messages arrive meanwhile.',
  },
};

/** Declares the page's arguments where this is called: a superclass's would come before a list's own. */
function declarePage(target: new () => PageArguments): void {
  for (const [name, { type, description }] of Object.entries(PAGE_FIELDS)) {
    Field(type, { nullable: true, description })(target.prototype as object, name);
  }
}
declarePage(PageArguments);

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

const KEY_OPTIONS = {
  nullable: true,
  description:
    'A key of your choice, 1 to 255 characters, that makes the call safe to repeat: within 24 hours the same key with the ' +
    'same input gives the stored answer and writes nothing. With another input it is refused (IDEMPOTENCY_KEY_REUSED), ' +
    'and while the first call is still running (CONFLICT). A call that wrote nothing is not kept.',
};
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
