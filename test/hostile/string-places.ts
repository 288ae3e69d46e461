import {
  getNamedType,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isListType,
  isLeafType,
  isNonNullType,
  isObjectType,
  isRequiredArgument,
  isRequiredInputField,
} from 'graphql';

/** A place of the schema that takes a text, and how to send one there. */
export interface StringPlace {
  /** `Mutation.createMessage(input.title)`. */
  readonly name: string;
  /** The last name of the path: what is stored is read back under it. */
  readonly field: string;
  /** Takes the variable `$v`. */
  readonly document: string;
  /** @returns the value of `$v`. */
  readonly variable: (text: string) => unknown;
}

/** Scalars that are written as texts; into JSON the text goes as a value. */
const TEXTS: Readonly<Record<string, (text: string) => unknown>> = {
  String: text => text,
  ID: text => text,
  DateTime: text => text,
  JSON: text => ({ text }),
};

/** What makes the rest of a request right, by the name of an argument or a field. */
const RIGHT: Readonly<Record<string, unknown>> = {
  channels: ['SMS'],
  message: 'x',
  frequency: 'DAILY',
  id: '1',
  ids: ['1'],
  // Another than `into`.
  from: '2',
};

/** Every argument and input field of the schema that takes a text, through all inputs and lists. */
export function stringPlaces(schema: GraphQLSchema): readonly StringPlace[] {
  const places: StringPlace[] = [];
  for (const { owner, open, close } of reachableTypes(schema)) {
    for (const field of Object.values(owner.getFields())) {
      for (const argument of field.args) {
        for (const { path, wrap } of textsIn(argument.type, [argument.name], [])) {
          const others = field.args.filter(other => other !== argument && isRequiredArgument(other));
          const given = [`${argument.name}: $v`, ...others.map(literal)].join(', ');
          places.push({
            name: `${owner.name}.${field.name}(${path.join('.')})`,
            field: path.at(-1) ?? '',
            document: `${open('$v', String(argument.type))} { ${field.name}(${given})${selection(field.type, 3)} ${close}`,
            variable: wrap,
          });
        }
      }
    }
  }
  return places;
}

interface Reachable {
  readonly owner: GraphQLObjectType;
  /** The document up to the selection of the type. */
  readonly open: (variable: string, type: string) => string;
  readonly close: string;
}

/** Each object type once, by the shortest way from a root. */
function reachableTypes(schema: GraphQLSchema): readonly Reachable[] {
  const found = new Map<GraphQLObjectType, Reachable>();
  const roots = [
    ['query', schema.getQueryType()],
    ['mutation', schema.getMutationType()],
  ] as const;
  const ways = roots.flatMap(([kind, type]) =>
    type ? [{ owner: type, open: (v: string, t: string) => `${kind} (${v}: ${t})`, close: '}' }] : [],
  );
  for (let way: Reachable | undefined; (way = ways.shift()) !== undefined;) {
    const { owner, open, close } = way;
    if (found.has(owner)) continue;
    found.set(owner, way);
    // Only through what reads: a way through a mutation would write for each place behind it.
    if (owner === schema.getMutationType()) continue;
    for (const field of Object.values(owner.getFields())) {
      const type = getNamedType(field.type);
      if (!isObjectType(type)) continue;
      ways.push({
        owner: type,
        open: (v, t) => `${open(v, t)} { ${field.name}${requiredArguments(field)}`,
        close: `} ${close}`,
      });
    }
  }
  return [...found.values()];
}

interface TextPath {
  readonly path: readonly string[];
  readonly wrap: (text: string) => unknown;
}

/** Where a type takes texts; an input that holds itself is gone into once. */
function textsIn(
  type: GraphQLInputType,
  path: readonly string[],
  within: readonly GraphQLInputType[],
): readonly TextPath[] {
  if (isNonNullType(type)) return textsIn(type.ofType, path, within);
  if (isListType(type)) {
    return textsIn(type.ofType, path, within).map(({ wrap, ...rest }) => ({
      ...rest,
      wrap: text => [wrap(text)],
    }));
  }
  const asText = TEXTS[type.name];
  if (asText !== undefined) return [{ path, wrap: asText }];
  if (!isInputObjectType(type) || within.includes(type)) return [];
  const fields = Object.values(type.getFields());
  return fields.flatMap(field =>
    textsIn(field.type, [...path, field.name], [...within, type]).map(({ path: inner, wrap }) => ({
      path: inner,
      wrap: text => ({ ...(right(type) as object), [field.name]: wrap(text) }),
    })),
  );
}

/** A value that a type takes, as small as may be. */
function right(type: GraphQLInputType, name = ''): unknown {
  if (RIGHT[name] !== undefined) return RIGHT[name];
  if (isNonNullType(type)) return right(type.ofType, name);
  if (isListType(type)) return [right(type.ofType)];
  if (isEnumType(type)) return type.getValues()[0]?.name;
  if (isInputObjectType(type)) {
    const needed = Object.values(type.getFields()).filter(
      field => isRequiredInputField(field) || field.name === 'channels',
    );
    return Object.fromEntries(needed.map(field => [field.name, right(field.type, field.name)]));
  }
  return { Int: 1, Float: 1, Boolean: true, DateTime: '2030-01-01T00:00:00Z', JSON: {} }[type.name] ?? '1';
}

function literal({ name, type }: GraphQLArgument): string {
  const text = JSON.stringify(right(type, name)).replace(/"(\w+)":/g, '$1:');
  return `${name}: ${isEnumType(getNamedType(type)) ? text.replaceAll('"', '') : text}`;
}

function requiredArguments({ args }: GraphQLField<unknown, unknown>): string {
  const required = args.filter(isRequiredArgument);
  return required.length === 0 ? '' : `(${required.map(literal).join(', ')})`;
}

/** Fields that lead back to their own type: what hangs on them would cost more than a query may. */
const RETURNING: ReadonlySet<string> = new Set(['parent', 'mergedContacts']);

/** All that can be read of a type without arguments, so deep. */
function selection(type: GraphQLOutputType, depth: number): string {
  const named = getNamedType(type);
  if (isLeafType(named) || !isObjectType(named)) return '';
  const fields = Object.values(named.getFields()).flatMap(field => {
    const isLeaf = isLeafType(getNamedType(field.type));
    if (field.args.length > 0 || (!isLeaf && (depth === 0 || RETURNING.has(field.name)))) return [];
    return [`${field.name}${selection(field.type, depth - 1)}`];
  });
  return ` { __typename ${fields.join(' ')} }`;
}
