import { type GraphQLObjectType, type GraphQLSchema } from 'graphql';
import { buildSchemaSync } from 'type-graphql';
import { ContactConnectionResolver } from './contacts/api/contact.connection.resolver';
import { ContactMutationsResolver } from './contacts/api/contact.mutations.resolver';
import { ContactResolver } from './contacts/api/contact.resolver';
import { ContactMessagesResolver, MessageContactResolver } from './messages/api/message.contact.resolver';
import { MessageConnectionResolver } from './messages/api/message.connection.resolver';
import { MessageMutationsResolver } from './messages/api/message.mutations.resolver';
import { MessageResolver } from './messages/api/message.resolver';
import { ScheduleResolver } from './schedules/schedule.resolver';
import { FailureConnectionResolver, ProviderResolver } from './providers/api/provider.resolver';
import { AuditConnectionResolver } from './audit/audit.connection.resolver';
import { AuditResolver } from './audit/audit.resolver';
import { AuditedMessageResolver, MessageHistoryResolver } from './messages/api/message.audit.resolver';

/** The whole GraphQL schema; `schema.graphql` is its printed form. */
export function buildHeliographSchema(): GraphQLSchema {
  const schema = buildSchemaSync({
    resolvers: [
      MessageResolver,
      MessageConnectionResolver,
      MessageMutationsResolver,
      ScheduleResolver,
      AuditResolver,
      AuditConnectionResolver,
      MessageHistoryResolver,
      AuditedMessageResolver,
      ProviderResolver,
      FailureConnectionResolver,
      ContactResolver,
      ContactConnectionResolver,
      ContactMutationsResolver,
      MessageContactResolver,
      ContactMessagesResolver,
    ],
    // Inputs are checked by the rules, which batches, the import and TypeORM's own saves pass as well.
    validate: false,
  });
  // TypeGraphQL makes the root types itself, and cannot be told what to say of them.
  describe(schema.getQueryType(), 'Reading. A field says in its description which scope it needs.');
  describe(
    schema.getMutationType(),
    'Writing. Each field is one transaction; what it answers is in the store. Refusals carry a stable `extensions.code`.',
  );
  return schema;
}

function describe(type: GraphQLObjectType | null | undefined, description: string): void {
  if (type) type.description = description;
}
