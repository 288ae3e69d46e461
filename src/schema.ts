import { type GraphQLSchema } from 'graphql';
import { buildSchemaSync } from 'type-graphql';
import { MessageConnectionResolver } from './messages/message.connection.resolver';
import { MessageMutationsResolver } from './messages/message.mutations.resolver';
import { MessageResolver } from './messages/message.resolver';
import { ScheduleResolver } from './schedules/schedule.resolver';

/** The whole GraphQL schema; `schema.graphql` is its printed form. */
export function buildHeliographSchema(): GraphQLSchema {
  return buildSchemaSync({
    resolvers: [MessageResolver, MessageConnectionResolver, MessageMutationsResolver, ScheduleResolver],
    // Inputs are checked by the rules, which batches, the import and TypeORM's own saves pass as well.
    validate: false,
  });
}
