import { FieldResolver, Int, Resolver, Root } from 'type-graphql';
import { type Connection, type Edge, type PagePosition } from '../../platform/database/page';
import { PageInfo } from '../../platform/graphql/page-info.types';
import { type Contact } from '../contact.entity';
import { ContactConnection, ContactEdge, ContactObject } from './contact.types';

/** A page loads when one of its fields is asked for, and counts only what is asked for. */
@Resolver(() => ContactConnection)
export class ContactConnectionResolver {
  @FieldResolver(() => [ContactEdge])
  edges(@Root() page: Connection<Contact>): Promise<readonly Edge<Contact>[]> {
    return page.edges();
  }

  @FieldResolver(() => [ContactObject])
  nodes(@Root() page: Connection<Contact>): Promise<readonly Contact[]> {
    return page.nodes();
  }

  @FieldResolver(() => PageInfo)
  pageInfo(@Root() page: Connection<Contact>): PagePosition {
    return page.pageInfo();
  }

  @FieldResolver(() => Int)
  totalCount(@Root() page: Connection<Contact>): Promise<number> {
    return page.totalCount();
  }
}
