import { type ApolloServerOptionsWithGateway, type BaseContext } from '@apollo/server';
import {
  type DocumentNode,
  execute,
  type ExecutionResult,
  getVariableValues,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  visit,
} from 'graphql';
import { type CompiledQuery, compileQuery, isCompiledQuery } from 'graphql-jit';
import { Json } from '../graphql/scalars';
import { Refusal } from '../errors';
import { type EdgeContext } from './edge';
import { perOperation } from './per-operation';
import { reachedBy } from './selected-operation';

type Gateway = ApolloServerOptionsWithGateway<BaseContext>['gateway'];

/** Compiling takes as long as running some twenty times: an operation that comes once is not worth it. */
const COMPILED_FROM_RUN = 3;

/**
 * Operations that stay compiled, the ones that ran last: an app has some dozens. Compiled, a large one takes some 100 kB, and
 * who sends thousands of different ones must not fill the memory with them.
 */
const MAX_COMPILED = 200;

interface Runs {
  count: number;
  /** Whether the compiler takes it at all. */
  isPlain: boolean;
}

/**
 * Runs operations, in the form in which Apollo lets somebody else do that. A query that comes again and again is
 * compiled to a function: field by field, GraphQL's own executor takes longer over a page than the store takes to find it.
 *
 * Its answers are those of that executor to the byte. What the compiler is known to see otherwise is not handed to it
 * (directives, introspection, mutations with their order), and a query that ends with an error is run once more by the
 * executor, whose words and order of errors are the ones that clients know: a query may be repeated. Unless its time is
 * over, or the store away: then the second run would have less to show than the first.
 */
export function compilingExecutor(schema: GraphQLSchema): Gateway {
  const runsOf = perOperation((document, operation): Runs => ({
    count: 0,
    isPlain: isPlainQuery(schema, document, operation),
  }));
  /** The one that ran last stands last. */
  const kept = new Map<OperationDefinitionNode, { readonly compiled: CompiledQuery; readonly runs: Runs }>();
  function compiledFor(
    document: DocumentNode,
    // Apollo asks also where the document has no such operation: then the executor says so.
    operation: OperationDefinitionNode | undefined,
  ): CompiledQuery | null {
    if (operation === undefined) return null;
    const runs = runsOf(document, operation);
    runs.count += 1;
    if (!runs.isPlain || runs.count < COMPILED_FROM_RUN) return null;
    const compiled = kept.get(operation)?.compiled ?? compile(schema, document, operation);
    if (compiled === null) {
      runs.isPlain = false;
      return null;
    }
    kept.delete(operation);
    kept.set(operation, { compiled, runs });
    if (kept.size > MAX_COMPILED) forgetOldest(kept);
    return compiled;
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
          const compiled = compiledFor(document, operation);
          const given = compiled && getVariableValues(schema, operation.variableDefinitions ?? [], variables);
          const byGraphql = (): ReturnType<typeof execute> =>
            execute({ schema, document, operationName, variableValues: variables, contextValue: context });
          if (given?.coerced === undefined) return byGraphql();
          const result = (await compiled?.query(undefined, context, given.coerced)) as ExecutionResult;
          const { errors } = result;
          if (errors === undefined) return result;
          if (errors.some(isTrouble)) return { ...result, errors: errors.map(asGraphqls) };
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

/** The compiler has a class of errors of its own, which nothing else knows. */
function asGraphqls({ message, path, locations, originalError }: GraphQLError): GraphQLError {
  const error = new GraphQLError(message, { path, originalError });
  return Object.defineProperty(error, 'locations', { value: locations, enumerable: true });
}

const TROUBLE: ReadonlySet<string> = new Set(['TIMEOUT', 'OVERLOADED', 'DATABASE_UNAVAILABLE']);

function forgetOldest(kept: Map<OperationDefinitionNode, { readonly runs: Runs }>): void {
  const [oldest] = kept;
  if (oldest === undefined) return;
  const [operation, { runs }] = oldest;
  kept.delete(operation);
  // It has to earn its place again: more operations than there are places would be compiled at every run.
  runs.count = 0;
}

function compile(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): CompiledQuery | null {
  const result = compileQuery(schema, withPlainVariables(document, operation), undefined, {
    // Its errors are not shown.
    disablingCapturingStackErrors: true,
  });
  return isCompiledQuery(result) ? result : null;
}

/**
 * The operation with variables that are taken as they come: they are read by GraphQL's own rules before. The compiler would
 * write code for every field of their types, without end where an input type holds itself, as filters do.
 */
function withPlainVariables(document: DocumentNode, operation: OperationDefinitionNode): DocumentNode {
  const variableDefinitions = operation.variableDefinitions?.map(({ kind, variable }) => ({
    kind,
    variable,
    type: { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: Json.name } } as const,
  }));
  const fragments = document.definitions.filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION);
  return {
    kind: Kind.DOCUMENT,
    definitions: [{ ...operation, variableDefinitions }, ...fragments],
  } as DocumentNode;
}

function isPlainQuery(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): boolean {
  if (operation.operation !== OperationTypeNode.QUERY) return false;
  const hasVariables = (operation.variableDefinitions ?? []).length > 0;
  if (hasVariables && schema.getType(Json.name) !== Json) return false;
  let isPlain = true;
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
