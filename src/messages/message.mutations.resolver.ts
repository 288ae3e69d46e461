import { Arg, Ctx, ID, Int, Mutation, Resolver } from 'type-graphql';
import { RequiresScope } from '../auth/access';
import { type CallerKey } from './caller-key';
import { type BatchOptions, type BatchResult } from './message.batch';
import { type MessageContext } from './message.context';
import { BatchErrorPolicyEnum, MessageStatusEnum } from './message.enums';
import { CreateMessageInput, MessageBatchUpdate, UpdateMessageInput } from './message.inputs';
import { type BatchErrorPolicy, type MessageStatus } from './message.kinds';
import { BatchMessagesPayload, MessagePayload } from './message.payloads';
import { type Written } from './message.service';

const KEY =
  'A key of your choice, 1 to 255 characters, that makes the call safe to repeat: within 24 hours the same key with the ' +
  'same input gives the stored answer and writes nothing. With another input it is refused (IDEMPOTENCY_KEY_REUSED), and ' +
  'while the first call is still running (CONFLICT). A call that wrote nothing is not kept.';
const KEY_OPTIONS = { nullable: true, description: KEY } as const;
const POLICY_OPTIONS = {
  defaultValue: 'ATOMIC',
  description: 'What a refused item means for the rest of the batch.',
} as const;

/** Writing messages. */
@Resolver()
export class MessageMutationsResolver {
  @Mutation(() => MessagePayload, {
    description:
      'Creates an OUTGOING message that is PENDING. Incoming messages come in through data providers, never by a mutation. ' +
      'Refused with BAD_USER_INPUT. Needs the scope `messages:create`.',
  })
  @RequiresScope('messages:create')
  createMessage(
    @Arg('input', () => CreateMessageInput, { description: 'The message.' }) input: CreateMessageInput,
    @Arg('idempotencyKey', () => String, KEY_OPTIONS) idempotencyKey: string | null | undefined,
    @Ctx() context: MessageContext,
  ): Promise<Written> {
    return written(context, context.messages.create(input, keyOf(context, idempotencyKey)));
  }

  @Mutation(() => MessagePayload, {
    description:
      'Changes a message. Of an INCOMING one only the status changes. Refused with NOT_FOUND, CONFLICT, ' +
      'INVALID_STATUS_TRANSITION or BAD_USER_INPUT. Needs the scope `messages:update`.',
  })
  @RequiresScope('messages:update')
  updateMessage(
    @Arg('id', () => ID, { description: 'The message to change.' }) id: string,
    @Arg('input', () => UpdateMessageInput, { description: 'What to change.' }) input: UpdateMessageInput,
    @Ctx() context: MessageContext,
  ): Promise<Written> {
    return written(context, context.messages.update(id, input));
  }

  @Mutation(() => MessagePayload, {
    description:
      'Moves a message to another status. Refused with NOT_FOUND, CONFLICT or INVALID_STATUS_TRANSITION, whose ' +
      '`extensions.allowed` lists where it may go. Needs the scope `messages:update`.',
  })
  @RequiresScope('messages:update')
  updateMessageStatus(
    @Arg('id', () => ID, { description: 'The message to move.' }) id: string,
    @Arg('status', () => MessageStatusEnum, { description: 'Where to.' }) status: MessageStatus,
    @Arg('expectedVersion', () => Int, {
      nullable: true,
      description: 'The `version` that you have seen: refused with CONFLICT if the message has moved on.',
    })
    expectedVersion: number | null | undefined,
    @Ctx() context: MessageContext,
  ): Promise<Written> {
    return written(context, context.messages.updateStatus(id, status, expectedVersion));
  }

  @Mutation(() => BatchMessagesPayload, {
    description: 'Creates 1 to 500 OUTGOING messages in one transaction. Needs the scope `messages:create`.',
  })
  @RequiresScope('messages:create')
  async batchCreateMessages(
    @Arg('inputs', () => [CreateMessageInput], { description: 'The messages, 1 to 500.' })
    inputs: CreateMessageInput[],
    @Arg('errorPolicy', () => BatchErrorPolicyEnum, POLICY_OPTIONS) policy: BatchErrorPolicy,
    @Arg('idempotencyKey', () => String, KEY_OPTIONS) idempotencyKey: string | null | undefined,
    @Ctx() context: MessageContext,
  ): Promise<BatchMessagesPayload> {
    return payloadOf(
      await written(context, context.batches.create(inputs, optionsOf(context, policy, idempotencyKey))),
    );
  }

  @Mutation(() => BatchMessagesPayload, {
    description:
      'Changes 1 to 500 messages, each in its own way, in one transaction. Needs the scope `messages:update`.',
  })
  @RequiresScope('messages:update')
  async batchUpdateMessages(
    @Arg('resources', () => [MessageBatchUpdate], {
      description: 'What to change, 1 to 500; each message once.',
    })
    resources: MessageBatchUpdate[],
    @Arg('errorPolicy', () => BatchErrorPolicyEnum, POLICY_OPTIONS) policy: BatchErrorPolicy,
    @Arg('idempotencyKey', () => String, KEY_OPTIONS) idempotencyKey: string | null | undefined,
    @Ctx() context: MessageContext,
  ): Promise<BatchMessagesPayload> {
    return payloadOf(
      await written(context, context.batches.update(resources, optionsOf(context, policy, idempotencyKey))),
    );
  }

  @Mutation(() => BatchMessagesPayload, {
    description:
      'Moves 1 to 500 messages to one status, in one transaction. Needs the scope `messages:update`.',
  })
  @RequiresScope('messages:update')
  async batchUpdateMessageStatus(
    @Arg('ids', () => [ID], { description: 'The messages to move, 1 to 500; each once.' }) ids: string[],
    @Arg('status', () => MessageStatusEnum, { description: 'Where to.' }) status: MessageStatus,
    @Arg('errorPolicy', () => BatchErrorPolicyEnum, POLICY_OPTIONS) policy: BatchErrorPolicy,
    @Arg('idempotencyKey', () => String, KEY_OPTIONS) idempotencyKey: string | null | undefined,
    @Ctx() context: MessageContext,
  ): Promise<BatchMessagesPayload> {
    return payloadOf(
      await written(
        context,
        context.batches.updateStatus(ids, status, optionsOf(context, policy, idempotencyKey)),
      ),
    );
  }
}

/** What was read before a write must not answer for what hangs on the message after it. */
async function written<Result>({ loaders }: MessageContext, write: Promise<Result>): Promise<Result> {
  const result = await write;
  loaders.forget();
  return result;
}

function keyOf({ viewer }: MessageContext, key: string | null | undefined): CallerKey | undefined {
  return typeof key === 'string' ? { owner: viewer.key, key } : undefined;
}

function optionsOf(
  context: MessageContext,
  policy: BatchErrorPolicy,
  key: string | null | undefined,
): BatchOptions {
  return { policy, key: keyOf(context, key) };
}

function payloadOf(results: readonly BatchResult[]): BatchMessagesPayload {
  const succeeded = results.filter(({ applied }) => applied).length;
  return { results, succeeded, failed: results.length - succeeded };
}
