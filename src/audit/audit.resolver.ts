import { Args, Ctx, Query, Resolver } from 'type-graphql';
import { RequiresScope } from '../auth/access';
import { type Connection } from '../platform/database/page';
import { AuditLogArguments } from './audit.arguments';
import { type AuditEntry } from './audit.entity';
import { type AuditPages } from './audit.pages';
import { AuditConnection, AuditEntryObject } from './audit.types';

/** What the audit resolvers need from a request. */
export interface AuditContext {
  readonly audit: AuditPages;
}

@Resolver(() => AuditEntryObject)
export class AuditResolver {
  @Query(() => AuditConnection, {
    description:
      'Who wrote which messages, and from what to what: the audit record, newest first. What one message has been through is ' +
      'its `history`. Needs the scope `audit:read`.',
  })
  @RequiresScope('audit:read')
  auditLog(
    @Args(() => AuditLogArguments) args: AuditLogArguments,
    @Ctx() { audit }: AuditContext,
  ): Connection<AuditEntry> {
    return audit.list(args);
  }
}
