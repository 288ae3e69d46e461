import {
  type DocumentNode,
  type ExecutionResult,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
} from 'graphql';
import { type CompiledQuery, compileQuery, isCompiledQuery } from 'graphql-jit';
import { Json } from '../graphql/scalars';
import { perOperation } from './per-operation';

/** Compiling takes as long as running some twenty times: an operation that comes once is not worth it. */
const COMPILED_FROM_RUN = 3;

/**
 * Operations that stay compiled, the ones that ran last: an app has some dozens. Compiled, a large one takes some 100 kB, and
 * who sends thousands of different ones must not fill the memory with them.
 */
const MAX_COMPILED = 200;

/** Runs an operation. @param variables as GraphQL reads them. */
export type Run = (
  variables: Readonly<Record<string, unknown>>,
  context: unknown,
) => Promise<ExecutionResult>;

interface Runs {
  count: number;
  /** Whether the compiler takes it at all. */
  isFit: boolean;
}

/** Compiles plain queries that come again and again to functions (ADR 15). */
export class CompiledQueries {
  /** The one that ran last stands last. */
  private readonly kept = new Map<OperationDefinitionNode, { readonly run: Run; readonly runs: Runs }>();
  private readonly runsOf = perOperation((): Runs => ({ count: 0, isFit: true }));

  constructor(private readonly schema: GraphQLSchema) {}

  /** @returns null where it is not worth compiling, or the compiler does not take it. */
  find(document: DocumentNode, operation: OperationDefinitionNode): Run | null {
    // Variables are handed to what is compiled as values of this type.
    const hasVariables = (operation.variableDefinitions ?? []).length > 0;
    if (hasVariables && this.schema.getType(Json.name) !== Json) return null;
    const runs = this.runsOf(document, operation);
    runs.count += 1;
    if (!runs.isFit || runs.count < COMPILED_FROM_RUN) return null;
    const run = this.kept.get(operation)?.run ?? this.compile(document, operation);
    if (run === null) {
      runs.isFit = false;
      return null;
    }
    this.kept.delete(operation);
    this.kept.set(operation, { run, runs });
    if (this.kept.size > MAX_COMPILED) this.forgetOldest();
    return run;
  }

  private forgetOldest(): void {
    const [oldest] = this.kept;
    if (oldest === undefined) return;
    const [operation, { runs }] = oldest;
    this.kept.delete(operation);
    // It has to earn its place again: more operations than there are places would be compiled at every run.
    runs.count = 0;
  }

  private compile(document: DocumentNode, operation: OperationDefinitionNode): Run | null {
    const result = compileQuery(this.schema, withPlainVariables(document, operation), undefined, {
      // Its errors are not shown.
      disablingCapturingStackErrors: true,
    });
    return isCompiledQuery(result) ? runOf(result) : null;
  }
}

function runOf({ query }: CompiledQuery): Run {
  return async (variables, context) => {
    const result = (await query(undefined, context, variables)) as ExecutionResult;
    return result.errors === undefined ? result : { ...result, errors: result.errors.map(asGraphqls) };
  };
}

/** The compiler has a class of errors of its own, which nothing else knows. */
function asGraphqls({ message, path, locations, originalError }: GraphQLError): GraphQLError {
  const error = new GraphQLError(message, { path, originalError });
  return Object.defineProperty(error, 'locations', { value: locations, enumerable: true });
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
