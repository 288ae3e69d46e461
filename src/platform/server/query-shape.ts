import {
  type DirectiveNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type FragmentSpreadNode,
  getNamedType,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLSchema,
  type InlineFragmentNode,
  isCompositeType,
  isUnionType,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  SchemaMetaFieldDef,
  type SelectionNode,
  type SelectionSetNode,
  TypeMetaFieldDef,
  valueFromASTUntyped,
} from 'graphql';
import { type QueryLimits } from '../query-limits';
import { type HeldBelow, NodeCounts, readsPage, type Variables } from './query-nodes';
import { fragmentsOf } from './selected-operation';

/** How large an operation is, in the measures by which it is limited. */
export type Shape = Readonly<Record<ShapeLimit, number>>;

export type ShapeLimit = Exclude<
  keyof QueryLimits,
  'tokens' | 'anonymousNodes' | 'answerCharacters' | 'readCharacters'
>;

/** Measures the operations of one schema. */
export class ShapeMeter {
  private readonly nodeCounts: NodeCounts;

  constructor(private readonly schema: GraphQLSchema) {
    this.nodeCounts = new NodeCounts(schema);
  }

  /**
   * An operation with every fragment that it reaches, counted as often as it is spread. `@skip` and `@include` take
   * nothing away: what an operation may cost must not hang on a variable.
   * @param operation undefined where it is not known which is to run: then there is only the document to measure.
   * @param given the variables as they were sent, of whatever types.
   */
  measure(
    document: DocumentNode,
    operation: OperationDefinitionNode | undefined,
    given: Readonly<Record<string, unknown>>,
  ): Shape {
    const { depth, introspectionDepth, aliases, directives, selections, fields, nodes } =
      operation === undefined ? NOTHING : this.sumOf(document, operation, given);
    const operations = document.definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION).length;
    const mutationFields = operation?.operation === OperationTypeNode.MUTATION ? fields : 0;
    return { operations, depth, introspectionDepth, aliases, directives, selections, mutationFields, nodes };
  }

  private sumOf(document: DocumentNode, operation: OperationDefinitionNode, given: Variables): Sum {
    const variables = variablesOf(operation, given);
    return new Walk(this.schema, this.nodeCounts, document, variables).whole(operation);
  }
}

/** What selections add up to. */
interface Sum extends HeldBelow {
  /** Levels of fields, of which those inside introspection are counted apart. */
  readonly depth: number;
  readonly introspectionDepth: number;
  readonly aliases: number;
  readonly directives: number;
  readonly selections: number;
  /** Those of the first level. */
  readonly fields: number;
}

const NOTHING: Sum = {
  depth: 0,
  introspectionDepth: 0,
  aliases: 0,
  directives: 0,
  selections: 0,
  fields: 0,
  pageReads: 0,
  nodes: 0,
  nodesPerItem: 0,
};

/** Visits each selection of the document once, however often it is reached. */
class Walk {
  private readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  private readonly measured = new Map<string, Sum>();

  constructor(
    private readonly schema: GraphQLSchema,
    private readonly nodeCounts: NodeCounts,
    document: DocumentNode,
    private readonly variables: Variables,
  ) {
    this.fragments = fragmentsOf(document);
  }

  whole({ operation, directives, variableDefinitions = [], selectionSet }: OperationDefinitionNode): Sum {
    const sum = this.all(selectionSet, this.schema.getRootType(operation) ?? undefined);
    const onVariables = variableDefinitions.map(variable => count(variable.directives));
    return onVariables.reduce(withDirectives, withDirectives(sum, count(directives)));
  }

  private all({ selections }: SelectionSetNode, parent: GraphQLCompositeType | undefined): Sum {
    return selections.reduce((sum, selection) => plus(sum, this.one(selection, parent)), NOTHING);
  }

  private one(selection: SelectionNode, parent: GraphQLCompositeType | undefined): Sum {
    switch (selection.kind) {
      case Kind.FIELD:
        return this.field(selection, parent);
      case Kind.FRAGMENT_SPREAD:
        return spread(this.fragment(selection.name.value), selection);
      case Kind.INLINE_FRAGMENT: {
        const { typeCondition, selectionSet } = selection;
        const type = typeCondition ? this.type(typeCondition.name.value) : parent;
        return spread(this.all(selectionSet, type), selection);
      }
    }
  }

  private fragment(name: string): Sum {
    const known = this.measured.get(name);
    if (known !== undefined) return known;
    const fragment = this.fragments.get(name);
    if (fragment === undefined) return NOTHING;
    // Inside itself a fragment adds nothing. Such a document is not valid, but this must end for it as well.
    this.measured.set(name, NOTHING);
    const inside = this.all(fragment.selectionSet, this.type(fragment.typeCondition.name.value));
    const sum = withDirectives(inside, count(fragment.directives));
    this.measured.set(name, sum);
    return sum;
  }

  private field(node: FieldNode, parent: GraphQLCompositeType | undefined): Sum {
    const definition = parent && definitionOf(parent, node.name.value);
    const type = definition && getNamedType(definition.type);
    const below = node.selectionSet
      ? this.all(node.selectionSet, isCompositeType(type) ? type : undefined)
      : NOTHING;
    const held =
      parent && definition ? this.nodeCounts.of({ node, definition, parent }, below, this.variables) : below;
    // Names that begin so are kept for GraphQL's own types.
    const introspects = parent?.name.startsWith('__') ?? false;
    const isAbove = below.introspectionDepth > 0;
    return {
      depth: introspects ? 0 : below.depth + 1,
      introspectionDepth: introspects || isAbove ? below.introspectionDepth + 1 : 0,
      aliases: below.aliases + (node.alias === undefined ? 0 : 1),
      directives: below.directives + count(node.directives),
      selections: below.selections + 1,
      fields: 1,
      pageReads: readsPage(node.name.value) ? 1 : 0,
      nodes: held.nodes,
      nodesPerItem: held.nodesPerItem,
    };
  }

  private type(name: string): GraphQLCompositeType | undefined {
    const type = this.schema.getType(name);
    return isCompositeType(type) ? type : undefined;
  }
}

/** No number goes beyond the largest safe one, so that sums of sums stay numbers that can be compared. */
function plus(sum: Sum, more: Sum): Sum {
  return {
    depth: Math.max(sum.depth, more.depth),
    introspectionDepth: Math.max(sum.introspectionDepth, more.introspectionDepth),
    aliases: capped(sum.aliases + more.aliases),
    directives: capped(sum.directives + more.directives),
    selections: capped(sum.selections + more.selections),
    fields: capped(sum.fields + more.fields),
    pageReads: capped(sum.pageReads + more.pageReads),
    nodes: capped(sum.nodes + more.nodes),
    nodesPerItem: capped(sum.nodesPerItem + more.nodesPerItem),
  };
}

function capped(count: number): number {
  return Math.min(count, Number.MAX_SAFE_INTEGER);
}

/** A fragment where it stands, inline or spread: a selection of its own beside what is in it. */
function spread(inside: Sum, { directives }: FragmentSpreadNode | InlineFragmentNode): Sum {
  return { ...withDirectives(inside, count(directives)), selections: inside.selections + 1 };
}

function withDirectives(sum: Sum, directives: number): Sum {
  return directives === 0 ? sum : { ...sum, directives: capped(sum.directives + directives) };
}

function count(directives: readonly DirectiveNode[] | undefined): number {
  return directives?.length ?? 0;
}

/** Where a name means nothing, validation has more to say about it than any measure. */
function definitionOf(
  parent: GraphQLCompositeType,
  name: string,
): GraphQLField<unknown, unknown> | undefined {
  if (name === SchemaMetaFieldDef.name) return SchemaMetaFieldDef;
  if (name === TypeMetaFieldDef.name) return TypeMetaFieldDef;
  return isUnionType(parent) ? undefined : parent.getFields()[name];
}

function variablesOf(
  operation: OperationDefinitionNode,
  given: Readonly<Record<string, unknown>>,
): Variables {
  const variables = (operation.variableDefinitions ?? []).map(({ variable, defaultValue }) => {
    const name = variable.name.value;
    const value = Object.hasOwn(given, name)
      ? given[name]
      : defaultValue && valueFromASTUntyped(defaultValue);
    return [name, value] as const;
  });
  return Object.fromEntries(variables);
}
