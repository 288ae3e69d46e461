import { FieldResolver, Int, Resolver, Root } from 'type-graphql';
import { type Connection, type Edge, type PagePosition } from '../../platform/database/page';
import { PageInfo } from '../../platform/graphql/page-info.types';
import { type Message } from '../message.entity';
import { MessageConnection, MessageEdge } from './message.list.types';
import { MessageObject } from './message.types';

/** A page loads when one of its fields is asked for, and counts only what is asked for. */
@Resolver(() => MessageConnection)
export class MessageConnectionResolver {
  @FieldResolver(() => [MessageEdge])
  edges(@Root() page: Connection<Message>): Promise<readonly Edge<Message>[]> {
    return page.edges();
  }

  @FieldResolver(() => [MessageObject])
  nodes(@Root() page: Connection<Message>): Promise<readonly Message[]> {
    return page.nodes();
  }

  @FieldResolver(() => PageInfo)
  pageInfo(@Root() page: Connection<Message>): PagePosition {
    return page.pageInfo();
  }

  @FieldResolver(() => Int)
  totalCount(@Root() page: Connection<Message>): Promise<number> {
    return page.totalCount();
  }
}
