import {
  type ASTVisitor,
  type DocumentNode,
  GraphQLError,
  NoFragmentCyclesRule,
  type OperationDefinitionNode,
  OperationTypeNode,
  validate,
  type ValidationContext,
  visit,
} from 'graphql';
import { unauthenticated } from '../errors';
import { type EdgeContext } from './edge';
import { type ResolvedRequest } from './operation-steps';
import { perOperation } from './per-operation';
import { reachedBy } from './selected-operation';

/** Apollo would answer them with INTERNAL_SERVER_ERROR. */
export function refuseSubscriptions<C extends EdgeContext>({ operation }: ResolvedRequest<C>): void {
  if (operation?.operation !== OperationTypeNode.SUBSCRIPTION) return;
  throw new GraphQLError('Subscriptions are not served over plain requests.', {
    extensions: { code: 'BAD_REQUEST' },
  });
}

/** Introspection for holders of a token only. */
export function closedIntrospection<C extends EdgeContext>(request: ResolvedRequest<C>): void {
  const { document, operation, contextValue } = request;
  if (operation === undefined || !contextValue.viewer.isAnonymous) return;
  if (introspects(document, operation)) throw unauthenticated();
}

/**
 * A rule of validation that refuses circular fragments before any other rule meets them: GraphQL compares the fields of
 * fragments first, and eighty that spread each other in a circle take all of its stack.
 */
export function fragmentCyclesFirst(context: ValidationContext): ASTVisitor {
  return {
    Document(document) {
      const [cycle] = validate(context.getSchema(), document, [NoFragmentCyclesRule], { maxErrors: 1 });
      if (cycle === undefined) return undefined;
      context.reportError(cycle);
      // Taking the document out of what is visited ends the visit, that of the other rules as well.
      return null;
    },
  };
}

function introspects(document: DocumentNode, operation: OperationDefinitionNode): boolean {
  const names = fieldNames(document, operation);
  return names.has('__schema') || names.has('__type');
}

const fieldNames = perOperation((document, operation) => {
  const names = new Set<string>();
  for (const definition of reachedBy(document, operation)) {
    visit(definition, {
      Field({ name }) {
        names.add(name.value);
      },
    });
  }
  return names;
});
