import { type GraphQLLeafType, Kind, type ValueNode } from 'graphql';

/** A value as a caller gave it, in JSON or in the document's text: both are judged by the same walk. */
export interface GivenValue {
  readonly isNull: boolean;
  /** A variable inside a literal; its own value is judged where the variables are. */
  readonly isVariable: boolean;
  /** Undefined where it is no list. */
  items(): readonly GivenValue[] | undefined;
  /** Undefined where it is no object. */
  fields(): ReadonlyMap<string, GivenValue> | undefined;
  /** What the type makes of it; the type throws, or answers undefined, where it does not fit. */
  readAs(type: GraphQLLeafType): unknown;
}

export class JsonValue implements GivenValue {
  readonly isVariable = false;

  constructor(private readonly value: unknown) {}

  get isNull(): boolean {
    return this.value === null || this.value === undefined;
  }

  items(): readonly GivenValue[] | undefined {
    return Array.isArray(this.value) ? this.value.map(item => new JsonValue(item)) : undefined;
  }

  fields(): ReadonlyMap<string, GivenValue> | undefined {
    if (typeof this.value !== 'object' || this.value === null || Array.isArray(this.value)) return undefined;
    return new Map(Object.entries(this.value).map(([name, value]) => [name, new JsonValue(value)]));
  }

  readAs(type: GraphQLLeafType): unknown {
    return type.parseValue(this.value);
  }
}

export class LiteralValue implements GivenValue {
  /** @param nulls variables that were given as null: they stand here for the literal `null`. */
  constructor(
    private readonly node: ValueNode,
    private readonly nulls: ReadonlySet<string>,
  ) {}

  get isNull(): boolean {
    return (
      this.node.kind === Kind.NULL ||
      (this.node.kind === Kind.VARIABLE && this.nulls.has(this.node.name.value))
    );
  }

  get isVariable(): boolean {
    return this.node.kind === Kind.VARIABLE && !this.isNull;
  }

  items(): readonly GivenValue[] | undefined {
    return this.node.kind === Kind.LIST
      ? this.node.values.map(item => new LiteralValue(item, this.nulls))
      : undefined;
  }

  fields(): ReadonlyMap<string, GivenValue> | undefined {
    if (this.node.kind !== Kind.OBJECT) return undefined;
    return new Map(
      this.node.fields.map(({ name, value }) => [name.value, new LiteralValue(value, this.nulls)]),
    );
  }

  readAs(type: GraphQLLeafType): unknown {
    return type.parseLiteral(this.node, undefined);
  }
}
