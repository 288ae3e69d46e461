import { type GraphQLResolveInfo } from 'graphql';
import { Arg, Args, Ctx, FieldResolver, ID, Info, Query, Resolver, Root } from 'type-graphql';
import { RequiresScope } from '../../auth/access';
import { type Connection } from '../../platform/database/page';
import { PageArguments } from '../../platform/graphql/page.arguments';
import { WrittenBy } from '../../platform/server/written-answers';
import { MessageSchedule } from '../../schedules/schedule.types';
import { type Schedule } from '../../schedules/schedule.entity';
import { askedProperties } from '../lists/asked-properties';
import { ListArguments } from './message.arguments';
import { type MessageContext } from './message.context';
import { type Message } from '../message.entity';
import { idOf } from '../../platform/id.rules';
import { MessageConnection } from './message.list.types';
import { MessageObject } from './message.types';
import { messagePageWriter, messageWriter } from './message.writers';

/** Reading messages, and what hangs on each of them. */
@Resolver(() => MessageObject)
export class MessageResolver {
  @Query(() => MessageObject, {
    nullable: true,
    description: 'One message by its id; null where there is none. Needs the scope `messages:read`.',
  })
  @RequiresScope('messages:read')
  @WrittenBy(messageWriter)
  async message(
    @Arg('id', () => ID, { description: 'Its id; a text that is no id names nothing.' }) id: string,
    @Ctx() { store }: MessageContext,
  ): Promise<Message | null> {
    const messageId = idOf(id);
    if (messageId === null) return null;
    return (await store.findByIds([messageId])).get(messageId) ?? null;
  }

  @Query(() => MessageConnection, {
    description:
      'A page of messages: of those that the filter matches, in the order asked for. Without a filter it is the inbox: what ' +
      'is INCOMING and not ARCHIVED, newest first. Needs the scope `messages:list`.',
  })
  @RequiresScope('messages:list')
  @WrittenBy(messagePageWriter)
  messages(
    @Args(() => ListArguments) args: ListArguments,
    @Ctx() { pages }: MessageContext,
    @Info() info: GraphQLResolveInfo,
  ): Connection<Message> {
    return pages.list(args, askedProperties(info));
  }

  @FieldResolver()
  text(@Root() message: Message, @Ctx() { slices }: MessageContext): Promise<string> | string {
    return mayTakeLong(message) ? slices.run(() => message.text) : message.text;
  }

  @FieldResolver()
  label(@Root() message: Message, @Ctx() { slices }: MessageContext): Promise<string> | string {
    return mayTakeLong(message) ? slices.run(() => message.label) : message.label;
  }

  @FieldResolver(() => MessageObject, {
    nullable: true,
    description: 'The message that this one replies to. Needs the scope `messages:read` or `messages:list`.',
  })
  @RequiresScope('messages:read', 'messages:list')
  parent(@Root() message: Message, @Ctx() { loaders }: MessageContext): Promise<Message | null> | null {
    return message.parentId === null ? null : loaders.message.load(message.parentId);
  }

  @FieldResolver(() => MessageConnection, {
    description:
      'The messages that reply to this one, of either direction and any status, oldest first. Needs the scope ' +
      '`messages:read` or `messages:list`.',
  })
  @RequiresScope('messages:read', 'messages:list')
  replies(
    @Root() message: Message,
    @Args(() => PageArguments) args: PageArguments,
    @Ctx() { loaders }: MessageContext,
  ): Connection<Message> {
    return loaders.replies(message.id, args);
  }

  @FieldResolver(() => MessageSchedule, {
    nullable: true,
    description: 'When the message repeats; null for one that does not.',
  })
  schedule(
    @Root() message: Message,
    @Ctx() { loaders }: MessageContext,
  ): Promise<Schedule | null> | Schedule | null {
    if (message.scheduleId === null) return null;
    return message.schedule ?? loaders.schedule.load(message.scheduleId);
  }
}

/** HTML is read at some 4 MB a second, and a page may hold 500 long messages of it. */
function mayTakeLong({ message }: Message): boolean {
  return message.length > SHORT_LENGTH && message.includes('<');
}

/** Characters that are read in less time than a slice takes to be asked for. */
const SHORT_LENGTH = 1_000;
