import { type ApolloServerOptionsWithGateway, type BaseContext } from '@apollo/server';
import {
  type DocumentNode,
  execute,
  getVariableValues,
  type GraphQLError,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  visit,
} from 'graphql';
import { Refusal } from '../errors';
import { CompiledQueries, type Run } from './compiled-queries';
import { type EdgeContext } from './edge';
import { perOperation } from './per-operation';
import { reachedBy } from './selected-operation';
import { writeOnce } from './write-once';
import { writtenAnswer } from './written-answers';

type Gateway = ApolloServerOptionsWithGateway<BaseContext>['gateway'];

/**
 * Runs operations, in the form in which Apollo lets somebody else do that. GraphQL's own executor takes longer over a page,
 * field by field, than the store takes to find it. So a query whose fields know how to write their whole answers has them
 * written, and any other that comes again and again is compiled to a function.
 *
 * The answers are those of that executor to the byte. What the others are known to see otherwise is not handed to them
 * (directives, introspection, mutations of several fields), and an operation that ends with an error is run once more by the
 * executor, whose words and order of errors are the ones that clients know: a query may be repeated, and what a mutation has
 * written is not written again (`write-once.ts`). Unless its time is over, or the store away: then the second run would have
 * less to show than the first.
 */
export function fastExecutor(schema: GraphQLSchema): Gateway {
  const known = perOperation((document, operation) => {
    const isPlain = isPlainOperation(document, operation);
    const isQuery = operation.operation === OperationTypeNode.QUERY;
    return { isPlain, written: isPlain && isQuery ? writtenAnswer(document, operation, schema) : null };
  });
  writeOnce(schema);
  const compiled = new CompiledQueries(schema);
  function fastRun(document: DocumentNode, operation: OperationDefinitionNode | undefined): Run | null {
    // Apollo asks also where the document has no such operation: then the executor says so.
    if (operation === undefined) return null;
    const { isPlain, written } = known(document, operation);
    return isPlain ? (written ?? compiled.find(document, operation)) : null;
  }
  return {
    onSchemaLoadOrUpdate(callback) {
      callback({ apiSchema: schema, coreSupergraphSdl: '' });
      return () => undefined;
    },
    load: () =>
      Promise.resolve({
        async executor({ document, operation, request, context }) {
          const { operationName, variables = {} } = request;
          const byGraphql = (): ReturnType<typeof execute> =>
            execute({ schema, document, operationName, variableValues: variables, contextValue: context });
          const run = fastRun(document, operation);
          const given = run && getVariableValues(schema, operation.variableDefinitions ?? [], variables);
          if (run === null || given?.coerced === undefined) return byGraphql();
          const result = await run(given.coerced, context);
          const { errors } = result;
          if (errors === undefined || errors.some(isTrouble)) return result;
          (context as EdgeContext).allowance.budget?.startAnew();
          return byGraphql();
        },
      }),
    stop: () => Promise.resolve(),
  };
}

/** Whether it would meet a second run as well, and take from it even what the first one had. */
function isTrouble({ originalError }: GraphQLError): boolean {
  return originalError instanceof Refusal && TROUBLE.has(originalError.code);
}

const TROUBLE: ReadonlySet<string> = new Set(['TIMEOUT', 'OVERLOADED', 'DATABASE_UNAVAILABLE']);

function isPlainOperation(document: DocumentNode, operation: OperationDefinitionNode): boolean {
  let isPlain = operation.operation === OperationTypeNode.QUERY || isOneWrite(operation);
  for (const definition of reachedBy(document, operation)) {
    visit(definition, {
      Directive() {
        isPlain = false;
      },
      Field({ name, alias }) {
        if (name.value === '__schema' || name.value === '__type') isPlain = false;
        // As the name of a property it is none.
        if (alias?.value === '__proto__') isPlain = false;
      },
    });
  }
  return isPlain;
}

/** Of several the executor stops at the first that fails, which the compiler does not. */
function isOneWrite({ operation, selectionSet }: OperationDefinitionNode): boolean {
  const [first, ...others] = selectionSet.selections;
  return operation === OperationTypeNode.MUTATION && first?.kind === Kind.FIELD && others.length === 0;
}
