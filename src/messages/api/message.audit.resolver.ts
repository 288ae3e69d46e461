import { Args, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { HistoryArguments } from '../../audit/audit.arguments';
import { type AuditEntry } from '../../audit/audit.entity';
import { AuditConnection, AuditEntryObject } from '../../audit/audit.types';
import { RequiresScope } from '../../auth/access';
import { type Connection } from '../../platform/database/page';
import { type MessageContext } from './message.context';
import { type Message } from '../message.entity';
import { MessageObject } from './message.types';

/** From a message to what it has been through. */
@Resolver(() => MessageObject)
export class MessageHistoryResolver {
  @FieldResolver(() => AuditConnection, {
    description:
      'What the message has been through: who created or imported it and who changed what since, newest first. What was written ' +
      'before the gateway kept a record is not in it. Needs the scope `audit:read`.',
  })
  @RequiresScope('audit:read')
  history(
    @Root() message: Message,
    @Args(() => HistoryArguments) args: HistoryArguments,
    @Ctx() { loaders }: MessageContext,
  ): Connection<AuditEntry> {
    return loaders.history(message.id, args);
  }
}

/** And back. */
@Resolver(() => AuditEntryObject)
export class AuditedMessageResolver {
  @FieldResolver(() => MessageObject, {
    nullable: true,
    description:
      'The message that was written, as it stands now. Needs the scope `messages:read` or `messages:list`.',
  })
  @RequiresScope('messages:read', 'messages:list')
  message(@Root() entry: AuditEntry, @Ctx() { loaders }: MessageContext): Promise<Message | null> {
    return loaders.message.load(entry.messageId);
  }
}
