import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  Kind,
  type SelectionSetNode,
} from 'graphql';
import { fragmentsOf } from './selected-operation';

/** A field as an operation asks for it, in the place where its answer stands. */
export interface AskedField {
  /** In the answer. */
  readonly name: string;
  /** In the schema. */
  readonly field: string;
  /** Where it was written; several times, if fragments ask for it as well. */
  readonly nodes: readonly [FieldNode, ...FieldNode[]];
  /** What is asked of it, in the order of the answer. */
  readonly asked: readonly AskedField[];
}

/**
 * What a set of selections asks for, its fragments resolved: the order is GraphQL's own. Whoever uses it sees to it that
 * every fragment is about the very type of the set, and that nothing is left out by a directive.
 */
export function askedFields(document: DocumentNode, selections: SelectionSetNode): readonly AskedField[] {
  return collect([selections], fragmentsOf(document));
}

type Fragments = ReadonlyMap<string, FragmentDefinitionNode>;

function collect(sets: readonly SelectionSetNode[], fragments: Fragments): readonly AskedField[] {
  const byName = new Map<string, [FieldNode, ...FieldNode[]]>();
  sets.forEach(set => gather(set, fragments, byName));
  return Array.from(byName, ([name, nodes]) => ({
    name,
    field: nodes[0].name.value,
    nodes,
    asked: collect(
      nodes.flatMap(({ selectionSet }) => selectionSet ?? []),
      fragments,
    ),
  }));
}

function gather(
  { selections }: SelectionSetNode,
  fragments: Fragments,
  byName: Map<string, [FieldNode, ...FieldNode[]]>,
): void {
  for (const selection of selections) {
    if (selection.kind === Kind.FIELD) {
      const name = (selection.alias ?? selection.name).value;
      const nodes = byName.get(name);
      if (nodes === undefined) byName.set(name, [selection]);
      else nodes.push(selection);
    } else if (selection.kind === Kind.INLINE_FRAGMENT) {
      gather(selection.selectionSet, fragments, byName);
    } else {
      const fragment = fragments.get(selection.name.value);
      if (fragment !== undefined) gather(fragment.selectionSet, fragments, byName);
    }
  }
}
