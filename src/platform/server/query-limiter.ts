import {
  type DocumentNode,
  getOperationAST,
  GraphQLError,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import { Refusal } from '../errors';
import { type QueryLimits } from '../query-limits';
import { type EdgeContext } from './edge';
import { type OperationCheck } from './operation-steps';
import { type Shape, type ShapeLimit, ShapeMeter } from './query-shape';

/** What each limit counts, and what to do about it; in the order in which they are looked at. */
const LIMITS: Readonly<Record<ShapeLimit, { readonly counts: string; readonly advice: string }>> = {
  operations: { counts: 'operations in the document', advice: 'Send only the one that is to run.' },
  mutationFields: { counts: 'fields of a mutation', advice: 'Write in batches, or send several requests.' },
  depth: {
    counts: 'levels of fields',
    advice: 'Ask for what lies deeper in a request of its own, by its id.',
  },
  introspectionDepth: {
    counts: 'levels of fields in introspection',
    advice: 'Ask for single types with __type.',
  },
  aliases: { counts: 'aliases', advice: 'Ask for a list of things at once, or send several requests.' },
  directives: { counts: 'directives', advice: 'Leave out what you do not want instead of skipping it.' },
  selections: { counts: 'fields and fragments', advice: 'Ask for fewer fields, or send several requests.' },
  nodes: {
    counts: 'entries that the answer could hold',
    advice: 'Ask for smaller pages: the sizes of lists inside each other multiply.',
  },
};
const ORDER = Object.keys(LIMITS) as readonly ShapeLimit[];

/** Refuses operations that are too large, before their variables are looked at any closer. */
export function queryLimits<C extends EdgeContext>(limiter: QueryLimiter): OperationCheck<C> {
  return ({ document, operation, request, contextValue }) => {
    const refusal = limiter.refusalOf({ document, request, contextValue }, operation);
    if (refusal !== undefined) throw refusal;
  };
}

/** As much of a request as its size hangs on. */
export interface SizedRequest {
  readonly document: DocumentNode;
  readonly request: {
    readonly operationName?: string | null | undefined;
    readonly variables?: Readonly<Record<string, unknown>> | null | undefined;
  };
  readonly contextValue: EdgeContext;
}

/** Holds operations against the limits. */
export class QueryLimiter {
  private readonly meter: ShapeMeter;

  constructor(
    schema: GraphQLSchema,
    private readonly limits: QueryLimits,
  ) {
    this.meter = new ShapeMeter(schema);
  }

  /** @returns QUERY_TOO_COMPLEX for the first limit that the operation is beyond. */
  refusalOf(
    { document, request, contextValue }: SizedRequest,
    operation: OperationDefinitionNode | undefined,
  ): Refusal | undefined {
    const shape = this.meter.measure(document, operation, request.variables ?? {});
    const { isAnonymous } = contextValue.viewer;
    const max = {
      ...this.limits,
      nodes: Math.min(this.limits.nodes, isAnonymous ? this.limits.anonymousNodes : Infinity),
    };
    const limit = ORDER.find(name => shape[name] > max[name]);
    return limit && tooComplex(limit, max, shape, isAnonymous);
  }

  /**
   * Validation gives up on a document in which it would have to compare too many fields with each other, and says so in
   * words that help nobody. As a rule its operation is beyond a limit as well.
   */
  explainGivingUp(errors: readonly unknown[], request: SizedRequest): readonly unknown[] {
    if (!errors.some(isAboutGivingUp)) return errors;
    const operation = getOperationAST(request.document, request.request.operationName);
    const refusal = this.refusalOf(request, operation ?? undefined);
    return errors.map(error => (refusal !== undefined && isAboutGivingUp(error) ? refusal : error));
  }
}

function tooComplex(limit: ShapeLimit, max: Shape, actual: Shape, isAnonymous: boolean): Refusal {
  const { counts, advice } = LIMITS[limit];
  const withToken = limit === 'nodes' && isAnonymous ? ' With a token there may be more.' : '';
  return new Refusal(
    'QUERY_TOO_COMPLEX',
    `The limit \`${limit}\` allows ${max[limit]} ${counts}; here are ${actual[limit]}. ${advice}${withToken}`,
    { limit, max: max[limit], actual: actual[limit] },
  );
}

function isAboutGivingUp(error: unknown): boolean {
  return error instanceof GraphQLError && error.message === 'Validation aborted.';
}
