import { type GraphQLResolveInfo } from 'graphql';
import { Args, Ctx, Info, Mutation, Resolver } from 'type-graphql';
import { RequiresScope } from '../../auth/access';
import { askedProperties } from '../lists/asked-properties';
import { type CallerKey } from '../../platform/idempotency/caller-key';
import {
  BatchCreateArguments,
  BatchUpdateArguments,
  BatchUpdateStatusArguments,
  CreateMessageArguments,
  UpdateMessageArguments,
  UpdateMessageStatusArguments,
} from './message.arguments';
import { type BatchOptions, type BatchResult } from '../writes/message.batch';
import { type MessageContext } from './message.context';
import { type BatchErrorPolicy } from '../message.kinds';
import { BatchMessagesPayload, MessagePayload } from './message.payloads';
import { type Written } from '../writes/message.service';

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
    @Args(() => CreateMessageArguments) { input, idempotencyKey }: CreateMessageArguments,
    @Ctx() context: MessageContext,
  ): Promise<Written> {
    return written(context, context.messages.create(context.actor, input, keyOf(context, idempotencyKey)));
  }

  @Mutation(() => MessagePayload, {
    description:
      'Changes a message. Of an INCOMING one only the status changes. Refused with NOT_FOUND, CONFLICT, ' +
      'INVALID_STATUS_TRANSITION or BAD_USER_INPUT. Needs the scope `messages:update`.',
  })
  @RequiresScope('messages:update')
  updateMessage(
    @Args(() => UpdateMessageArguments) { id, input }: UpdateMessageArguments,
    @Ctx() context: MessageContext,
  ): Promise<Written> {
    return written(context, context.messages.update(context.actor, id, input));
  }

  @Mutation(() => MessagePayload, {
    description:
      'Moves a message to another status. Refused with NOT_FOUND, CONFLICT or INVALID_STATUS_TRANSITION, whose ' +
      '`extensions.allowed` lists where it may go. Needs the scope `messages:update`.',
  })
  @RequiresScope('messages:update')
  updateMessageStatus(
    @Args(() => UpdateMessageStatusArguments) { id, status, expectedVersion }: UpdateMessageStatusArguments,
    @Ctx() context: MessageContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Written> {
    const shown = askedProperties(info);
    return written(context, context.messages.updateStatus(context.actor, id, status, expectedVersion, shown));
  }

  @Mutation(() => BatchMessagesPayload, {
    description: 'Creates 1 to 500 OUTGOING messages in one transaction. Needs the scope `messages:create`.',
  })
  @RequiresScope('messages:create')
  batchCreateMessages(
    @Args(() => BatchCreateArguments) { inputs, errorPolicy, idempotencyKey }: BatchCreateArguments,
    @Ctx() context: MessageContext,
  ): Promise<BatchMessagesPayload> {
    const options = optionsOf(context, errorPolicy, idempotencyKey);
    return payloadOf(written(context, context.batches.create(context.actor, inputs, options)));
  }

  @Mutation(() => BatchMessagesPayload, {
    description:
      'Changes 1 to 500 messages, each in its own way, in one transaction. Needs the scope `messages:update`.',
  })
  @RequiresScope('messages:update')
  batchUpdateMessages(
    @Args(() => BatchUpdateArguments) { resources, errorPolicy, idempotencyKey }: BatchUpdateArguments,
    @Ctx() context: MessageContext,
  ): Promise<BatchMessagesPayload> {
    const options = optionsOf(context, errorPolicy, idempotencyKey);
    return payloadOf(written(context, context.batches.update(context.actor, resources, options)));
  }

  @Mutation(() => BatchMessagesPayload, {
    description:
      'Moves 1 to 500 messages to one status, in one transaction. Needs the scope `messages:update`.',
  })
  @RequiresScope('messages:update')
  batchUpdateMessageStatus(
    @Args(() => BatchUpdateStatusArguments)
    { ids, status, errorPolicy, idempotencyKey }: BatchUpdateStatusArguments,
    @Ctx() context: MessageContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<BatchMessagesPayload> {
    const options = optionsOf(context, errorPolicy, idempotencyKey);
    const shown = askedProperties(info);
    return payloadOf(
      written(context, context.batches.updateStatus(context.actor, ids, status, options, shown)),
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

async function payloadOf(writing: Promise<readonly BatchResult[]>): Promise<BatchMessagesPayload> {
  const results = await writing;
  const succeeded = results.filter(({ applied }) => applied).length;
  return { results, succeeded, failed: results.length - succeeded };
}
