import { type ApolloServerOptionsWithGateway, type BaseContext } from '@apollo/server';
import {
  type DocumentNode,
  execute,
  type ExecutionResult,
  type GraphQLSchema,
  type OperationDefinitionNode,
  OperationTypeNode,
  visit,
} from 'graphql';
import { type CompiledQuery, compileQuery, isCompiledQuery } from 'graphql-jit';
import { perOperation } from './per-operation';
import { reachedBy } from './selected-operation';

type Gateway = ApolloServerOptionsWithGateway<BaseContext>['gateway'];

/** Compiling takes as long as running some twenty times: an operation that comes once is not worth it. */
const COMPILED_FROM_RUN = 3;

/** How often an operation has run, and what it was compiled to; null where it is not to be compiled. */
interface Runs {
  count: number;
  compiled: CompiledQuery | null | undefined;
}

/**
 * Runs operations, in the form in which Apollo lets somebody else do that. A query that comes again and again is
 * compiled to a function: field by field, GraphQL's own executor takes longer over a page than the store takes to find it.
 *
 * Its answers are those of that executor to the byte. What the compiler is known to see otherwise is not handed to it
 * (directives, introspection, mutations with their order), and a query that ends with an error is run once more by the
 * executor, whose words and order of errors are the ones that clients know: a query may be repeated.
 */
export function compilingExecutor(schema: GraphQLSchema): Gateway {
  const runsOf = perOperation((document, operation): Runs => ({
    count: 0,
    compiled: isPlainQuery(document, operation) ? undefined : null,
  }));
  function compiledFor(
    document: DocumentNode,
    // Apollo asks also where the document has no such operation: then the executor says so.
    operation: OperationDefinitionNode | undefined,
    operationName: string | null | undefined,
  ): CompiledQuery | null {
    if (operation === undefined) return null;
    const runs = runsOf(document, operation);
    runs.count += 1;
    if (runs.compiled === undefined && runs.count >= COMPILED_FROM_RUN) {
      runs.compiled = compile(schema, document, operationName);
    }
    return runs.compiled ?? null;
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
          const compiled = compiledFor(document, operation, operationName);
          if (compiled !== null) {
            const result = (await compiled.query(undefined, context, variables)) as ExecutionResult;
            if (result.errors === undefined) return result;
          }
          return execute({
            schema,
            document,
            operationName,
            variableValues: variables,
            contextValue: context,
          });
        },
      }),
    stop: () => Promise.resolve(),
  };
}

function compile(
  schema: GraphQLSchema,
  document: DocumentNode,
  operationName: string | null | undefined,
): CompiledQuery | null {
  const result = compileQuery(schema, document, operationName ?? undefined, {
    // Its errors are not shown.
    disablingCapturingStackErrors: true,
  });
  return isCompiledQuery(result) ? result : null;
}

function isPlainQuery(document: DocumentNode, operation: OperationDefinitionNode): boolean {
  if (operation.operation !== OperationTypeNode.QUERY) return false;
  let isPlain = true;
  for (const definition of reachedBy(document, operation)) {
    visit(definition, {
      Directive() {
        isPlain = false;
      },
      Field({ name }) {
        if (name.value === '__schema' || name.value === '__type') isPlain = false;
      },
    });
  }
  return isPlain;
}
