import { Arg, Args, Ctx, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import { type DataSource, In, type Repository, type SelectQueryBuilder } from 'typeorm';
import { DateUtils } from 'typeorm/util/DateUtils';
import { type Context } from './stock.context';
import {
  BatchMessagesPayload,
  CreateMessageInput,
  Message,
  MessageConnection,
  MessageDirection,
  MessagePayload,
  MessageStatus,
  PageArguments,
} from './stock.message';

/** The operations of the benchmark over a TypeORM repository. */
@Resolver(() => Message)
export class MessageResolver {
  private readonly repository: Repository<Message>;
  private lastWrite: Promise<unknown> = Promise.resolve();

  constructor(private readonly dataSource: DataSource) {
    this.repository = dataSource.getRepository(Message);
  }

  @Query(() => Message, { nullable: true })
  message(@Arg('id', () => ID) id: string): Promise<Message | null> {
    return this.repository.findOneBy({ id: Number(id) });
  }

  @Query(() => MessageConnection)
  async messages(@Args(() => PageArguments) given: PageArguments): Promise<MessageConnection> {
    const size = given.first ?? given.last ?? 50;
    const newestFirst = given.last === undefined ? 'DESC' : 'ASC';
    const query = inboxOf(this.repository)
      .orderBy({ 'message.createdAt': newestFirst, 'message.id': newestFirst })
      .take(size + 1);
    if (given.filter?.q !== undefined) {
      const q = `%${given.filter.q}%`;
      query.andWhere('(message.title like :q or message.message like :q)', { q });
    }
    if (given.after !== undefined) {
      query.andWhere('(message.createdAt, message.id) < (:createdAt, :id)', positionOf(given.after));
    }
    if (given.offset !== undefined) query.skip(given.offset);
    const found = await query.getMany();
    const nodes = found.slice(0, size);
    const isMore = found.length > size;
    if (given.last !== undefined) {
      nodes.reverse();
      return { nodes, pageInfo: { hasNextPage: false, hasPreviousPage: isMore, endCursor: null } };
    }
    const end = nodes.at(-1);
    const endCursor = end === undefined ? null : cursorOf(end);
    return { nodes, pageInfo: { hasNextPage: isMore, hasPreviousPage: false, endCursor } };
  }

  @FieldResolver(() => Message, { nullable: true })
  parent(@Root() { parentId }: Message, @Ctx() { parents }: Context): Promise<Message | null> | null {
    return parentId === null ? null : parents.load(parentId);
  }

  @FieldResolver(() => MessageConnection)
  async replies(
    @Root() { id }: Message,
    @Arg('first', () => Int) first: number,
    @Ctx() { replies }: Context,
  ): Promise<MessageConnection> {
    const found = await replies.load(id);
    const pageInfo = { hasNextPage: found.length > first, hasPreviousPage: false, endCursor: null };
    return { nodes: found.slice(0, first), pageInfo };
  }

  @Mutation(() => MessagePayload)
  async createMessage(
    @Arg('input', () => CreateMessageInput) input: CreateMessageInput,
  ): Promise<MessagePayload> {
    const message = this.repository.create({
      message: input.message,
      title: input.title ?? null,
      type: input.type,
      channels: input.channels,
      recipientIds: input.recipientIds,
      direction: MessageDirection.OUTGOING,
      status: MessageStatus.PENDING,
    });
    return { message: await this.inTurn(() => this.repository.save(message)) };
  }

  @Mutation(() => MessagePayload)
  updateMessageStatus(
    @Arg('id', () => ID) id: string,
    @Arg('status', () => MessageStatus) status: MessageStatus,
  ): Promise<MessagePayload> {
    return this.inTurn(async () => {
      const message = await this.repository.findOneBy({ id: Number(id) });
      if (message === null) throw new Error('There is no such message.');
      moveTo(message, status);
      return { message: await this.repository.save(message) };
    });
  }

  @Mutation(() => BatchMessagesPayload)
  batchUpdateMessageStatus(
    @Arg('ids', () => [ID]) ids: string[],
    @Arg('status', () => MessageStatus) status: MessageStatus,
  ): Promise<BatchMessagesPayload> {
    const work = this.dataSource.transaction.bind(this.dataSource);
    return this.inTurn(() =>
      work(async manager => {
        const found = await manager.findBy(Message, { id: In(ids.map(Number)) });
        if (found.length < ids.length) throw new Error('There is no such message.');
        for (const message of found) moveTo(message, status);
        await manager.save(found);
        const byId = new Map(found.map(message => [String(message.id), message]));
        const results = ids.map((id, index) => ({ index, applied: true, message: byId.get(id) ?? null }));
        return { results, succeeded: results.length };
      }),
    );
  }

  /**
   * Who writes with TypeORM on SQLite learns soon that its one connection knows one transaction: without this queue
   * most concurrent saves fail with "cannot start a transaction within a transaction".
   */
  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.lastWrite.then(work);
    this.lastWrite = turn.catch(() => undefined);
    return turn;
  }
}

@Resolver(() => MessageConnection)
export class MessageConnectionResolver {
  constructor(private readonly dataSource: DataSource) {}

  @FieldResolver(() => Int)
  totalCount(): Promise<number> {
    return inboxOf(this.dataSource.getRepository(Message)).getCount();
  }
}

/** With the values in the text: a partial index is not used for parameters. */
function inboxOf(repository: Repository<Message>): SelectQueryBuilder<Message> {
  return repository
    .createQueryBuilder('message')
    .where(`message.direction = 'INCOMING' and message.status <> 'ARCHIVED'`);
}

function cursorOf({ createdAt, id }: Message): string {
  return Buffer.from(`${createdAt.getTime()} ${id}`).toString('base64url');
}

/** The instant as TypeORM writes it on SQLite. */
function positionOf(cursor: string): { readonly createdAt: string; readonly id: number } {
  const [createdAt, id] = Buffer.from(cursor, 'base64url').toString().split(' ').map(Number);
  return {
    createdAt: DateUtils.mixedDateToUtcDatetimeString(new Date(createdAt ?? 0)) as string,
    id: id ?? 0,
  };
}

const INCOMING_STATUSES: readonly MessageStatus[] = [MessageStatus.RECEIVED, MessageStatus.ARCHIVED];

function moveTo(message: Message, status: MessageStatus): void {
  const isIncoming = message.direction === MessageDirection.INCOMING;
  if (isIncoming !== INCOMING_STATUSES.includes(status)) {
    throw new Error(`A message cannot go from ${message.status} to ${status}.`);
  }
  message.status = status;
}
