import { type GraphQLResolveInfo } from 'graphql';
import { Args, Ctx, FieldResolver, Info, Resolver, Root } from 'type-graphql';
import { RequiresScope } from '../../auth/access';
import { ContactObject } from '../../contacts/api/contact.types';
import { type Contact } from '../../contacts/contact.entity';
import { type Connection } from '../../platform/database/page';
import { askedProperties } from '../lists/asked-properties';
import { type Message } from '../message.entity';
import { ContactMessagesArguments } from './message.arguments';
import { type MessageContext } from './message.context';
import { MessageConnection } from './message.list.types';
import { MessageObject } from './message.types';

/** From a message to its contact. */
@Resolver(() => MessageObject)
export class MessageContactResolver {
  @FieldResolver(() => ContactObject, {
    nullable: true,
    description:
      'The contact of `contactId`; where that is merged, the contact that it is merged into. Needs the scope `contacts:read`.',
  })
  @RequiresScope('contacts:read')
  contact(
    @Root() message: Message,
    @Ctx() { contactLoaders }: MessageContext,
  ): Promise<Contact | null> | null {
    return message.contactId === null ? null : contactLoaders.shown.load(message.contactId);
  }
}

/** And back. */
@Resolver(() => ContactObject)
export class ContactMessagesResolver {
  @FieldResolver(() => MessageConnection, {
    description:
      'The messages from and to the contact and all that it is merged with: of either direction and any status unless the ' +
      'filter says so, newest first. Needs the scope `messages:list` or `messages:read`.',
  })
  @RequiresScope('messages:list', 'messages:read')
  messages(
    @Root() contact: Contact,
    @Args(() => ContactMessagesArguments) args: ContactMessagesArguments,
    @Ctx() { loaders }: MessageContext,
    @Info() info: GraphQLResolveInfo,
  ): Connection<Message> {
    return loaders.messagesOf(contact.id, args, askedProperties(info));
  }
}
