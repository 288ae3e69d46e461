import { FieldResolver, Int, Resolver, Root } from 'type-graphql';
import { type Connection, type Edge, type PagePosition } from '../platform/database/page';
import { PageInfo } from '../platform/graphql/page-info.types';
import { type AuditEntry } from './audit.entity';
import { AuditConnection, AuditEdge, AuditEntryObject } from './audit.types';

/** A page loads when one of its fields is asked for, and counts only what is asked for. */
@Resolver(() => AuditConnection)
export class AuditConnectionResolver {
  @FieldResolver(() => [AuditEdge])
  edges(@Root() page: Connection<AuditEntry>): Promise<readonly Edge<AuditEntry>[]> {
    return page.edges();
  }

  @FieldResolver(() => [AuditEntryObject])
  nodes(@Root() page: Connection<AuditEntry>): Promise<readonly AuditEntry[]> {
    return page.nodes();
  }

  @FieldResolver(() => PageInfo)
  pageInfo(@Root() page: Connection<AuditEntry>): PagePosition {
    return page.pageInfo();
  }

  @FieldResolver(() => Int)
  totalCount(@Root() page: Connection<AuditEntry>): Promise<number> {
    return page.totalCount();
  }
}
