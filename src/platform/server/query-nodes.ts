import {
  type FieldNode,
  getNamedType,
  getNullableType,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  isCompositeType,
  isListType,
  isObjectType,
  valueFromASTUntyped,
} from 'graphql';
import { DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE } from '../database/page-window';

/** Plain values of a list that takes `first`, such as the dates of a schedule, that weigh as much as one node. */
const VALUES_PER_NODE = 10;

/** Fields of a page for which it need not be read. */
const BESIDE_THE_PAGE: ReadonlySet<string> = new Set(['totalCount', '__typename']);

/** The variables of an operation by name: as they were sent, else their defaults. */
export type Variables = Readonly<Record<string, unknown>>;

/** A field of a document, with what the schema knows of it. */
export interface PlacedField {
  readonly node: FieldNode;
  readonly definition: GraphQLField<unknown, unknown>;
  readonly parent: GraphQLCompositeType;
}

/** How many nodes something could hold. */
export interface Held {
  readonly nodes: number;
  /** More of them, for each entry of a list that is as long as the one which the caller gave. */
  readonly nodesPerItem: number;
}

/** What the selections of a field hold, and how many of them make it be read if it is a page. */
export interface HeldBelow extends Held {
  readonly pageReads: number;
}

/**
 * Says how many nodes the answer to a field could hold.
 *
 * A type whose name ends in `Connection` is a page, as Relay has it. It holds as many entries as its size says, each of
 * them at least one node, and none if only `totalCount` is asked for. What stands in its edges is a node also where it
 * stands elsewhere. Another list of objects is taken to be as long as the longest list among the arguments of its root
 * field, as the results of a batch are; inside a page, or inside another such list, it counts as one entry. A field whose
 * extension `entries` says how long its list may be is taken to be that long. A page below others is read for each of them,
 * so that it counts as a node even where it is only counted.
 */
export class NodeCounts {
  private readonly nodeTypes: ReadonlySet<unknown>;
  private readonly rootTypes: ReadonlySet<unknown>;

  constructor(schema: GraphQLSchema) {
    this.nodeTypes = new Set(Object.values(schema.getTypeMap()).filter(isPage).map(nodeTypeOf));
    this.rootTypes = new Set([schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()]);
  }

  of(field: PlacedField, below: HeldBelow, variables: Variables): Held {
    const held = this.withoutItems(field, below, variables);
    if (held.nodesPerItem === 0 || !this.rootTypes.has(field.parent)) return held;
    return { nodes: held.nodes + held.nodesPerItem * longestList(field, variables), nodesPerItem: 0 };
  }

  private withoutItems(field: PlacedField, below: HeldBelow, variables: Variables): Held {
    const { definition, parent } = field;
    const type = getNamedType(definition.type);
    const isList = isListType(getNullableType(definition.type));
    if (!isCompositeType(type)) {
      const takesSize = isList && definition.args.some(({ name }) => name === 'first');
      return fixed(takesSize ? Math.ceil(pageSize(field, variables) / VALUES_PER_NODE) : 0);
    }
    const entry = below.nodes + below.nodesPerItem;
    if (isPage(type)) {
      if (below.pageReads === 0) return fixed(this.rootTypes.has(parent) ? 0 : 1);
      return fixed(pageSize(field, variables) * Math.max(1, entry));
    }
    const own = this.nodeTypes.has(type) ? 1 : 0;
    const { entries } = definition.extensions;
    if (isList && typeof entries === 'number') return fixed(entries * Math.max(1, own + entry));
    // The lists in a page are the page once more: its size has been counted.
    if (isList && !isPage(parent)) return { nodes: 0, nodesPerItem: Math.max(1, own + entry) };
    return { nodes: own + below.nodes, nodesPerItem: below.nodesPerItem };
  }
}

/** Whether a field of a page can only be answered by reading the page. */
export function readsPage(fieldName: string): boolean {
  return !BESIDE_THE_PAGE.has(fieldName);
}

function fixed(nodes: number): Held {
  return { nodes, nodesPerItem: 0 };
}

function isPage(type: GraphQLNamedType): boolean {
  return type.name.endsWith('Connection');
}

/** What stands in the edges of a page. */
function nodeTypeOf(page: GraphQLNamedType): GraphQLNamedType | undefined {
  const edges = isObjectType(page) ? page.getFields()['edges'] : undefined;
  const edge = edges && getNamedType(edges.type);
  const node = isObjectType(edge) ? edge.getFields()['node'] : undefined;
  return node && getNamedType(node.type);
}

/** A size that is none counts as the largest: it is refused where it is read. */
function pageSize(field: PlacedField, variables: Variables): number {
  const sizes = ['first', 'last']
    .map(name => argument(field, name, variables))
    .filter(size => size !== undefined && size !== null)
    .map(size => (isPageSize(size) ? size : MAX_PAGE_SIZE));
  return sizes.length === 0 ? DEFAULT_PAGE_SIZE : Math.max(...sizes);
}

function isPageSize(size: unknown): size is number {
  return typeof size === 'number' && Number.isInteger(size) && size >= 1 && size <= MAX_PAGE_SIZE;
}

/** A single value stands for a list of one. */
function longestList(field: PlacedField, variables: Variables): number {
  const lengths = field.definition.args
    .filter(({ type }) => isListType(getNullableType(type)))
    .map(({ name }) => argument(field, name, variables))
    .map(value => (Array.isArray(value) ? value.length : 1));
  return Math.max(1, ...lengths);
}

/** Its value in plain JavaScript, of whatever type; undefined where there is neither a value nor a default. */
function argument({ node, definition }: PlacedField, name: string, variables: Variables): unknown {
  const given = node.arguments?.find(each => each.name.value === name);
  const value = given === undefined ? undefined : valueFromASTUntyped(given.value, variables);
  return value === undefined ? definition.args.find(each => each.name === name)?.defaultValue : value;
}
