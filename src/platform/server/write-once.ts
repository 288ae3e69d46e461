import { defaultFieldResolver, type GraphQLSchema } from 'graphql';

/** What the root field of a mutation has come to in a request: a promise, be it one that was rejected. */
const outcomes = new WeakMap<object, Promise<unknown>>();

/**
 * Lets a mutation of one field write once for a request, however often it is executed: whoever executes it again, to tell
 * its errors in GraphQL's words, is handed what came of it the first time.
 */
export function writeOnce(schema: GraphQLSchema): void {
  for (const field of Object.values(schema.getMutationType()?.getFields() ?? {})) {
    const { resolve = defaultFieldResolver } = field;
    field.resolve = (source, args, context: object, info) => {
      if (info.operation.selectionSet.selections.length > 1) return resolve(source, args, context, info);
      const outcome =
        outcomes.get(context) ?? new Promise(settle => settle(resolve(source, args, context, info)));
      outcomes.set(context, outcome);
      return outcome;
    };
  }
}
