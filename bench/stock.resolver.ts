import { GraphQLError } from 'graphql';
import { Arg, ID, Int, Mutation, Query, Resolver } from 'type-graphql';
import { type DataSource, In, Like, Not, type Repository } from 'typeorm';
import {
  BatchMessagesPayload,
  CreateMessageInput,
  Message,
  MessageConnection,
  MessageDirection,
  MessageFilter,
  MessagePayload,
  MessageStatus,
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
  async messages(
    @Arg('first', () => Int, { defaultValue: 50 }) first: number,
    @Arg('filter', () => MessageFilter, { nullable: true }) filter?: MessageFilter,
  ): Promise<MessageConnection> {
    const inbox = { direction: MessageDirection.INCOMING, status: Not(MessageStatus.ARCHIVED) };
    const found = await this.repository.find({
      where:
        filter?.q === undefined
          ? inbox
          : [
              { ...inbox, title: Like(`%${filter.q}%`) },
              { ...inbox, message: Like(`%${filter.q}%`) },
            ],
      order: { createdAt: 'DESC', id: 'DESC' },
      take: first + 1,
    });
    return { nodes: found.slice(0, first), pageInfo: { hasNextPage: found.length > first } };
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
      if (message === null) throw new GraphQLError('There is no such message.');
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
        if (found.length < ids.length) throw new GraphQLError('There is no such message.');
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

const INCOMING_STATUSES: readonly MessageStatus[] = [MessageStatus.RECEIVED, MessageStatus.ARCHIVED];

function moveTo(message: Message, status: MessageStatus): void {
  const isIncoming = message.direction === MessageDirection.INCOMING;
  if (isIncoming !== INCOMING_STATUSES.includes(status)) {
    throw new GraphQLError(`A message cannot go from ${message.status} to ${status}.`);
  }
  message.status = status;
}
