import {
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  visit,
} from 'graphql';
import { perOperation } from './per-operation';

/** What running an operation involves: the operation and every fragment that it reaches, each once. */
export const reachedBy = perOperation(findReached);

/** The fragments of a document, by their names. */
export function fragmentsOf(document: DocumentNode): ReadonlyMap<string, FragmentDefinitionNode> {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  return fragments;
}

function findReached(
  document: DocumentNode,
  operation: OperationDefinitionNode,
): readonly (OperationDefinitionNode | FragmentDefinitionNode)[] {
  const fragments = fragmentsOf(document);
  const reached = new Set<OperationDefinitionNode | FragmentDefinitionNode>([operation]);
  // A set hands out what is added to it while it is walked, and each of its members once.
  for (const definition of reached) {
    visit(definition, {
      FragmentSpread({ name }) {
        const fragment = fragments.get(name.value);
        if (fragment !== undefined) reached.add(fragment);
      },
    });
  }
  return [...reached];
}
