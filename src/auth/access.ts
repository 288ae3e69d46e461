import {
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  isAbstractType,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import { Extensions } from 'type-graphql';
import { Refusal, unauthenticated } from '../platform/errors';
import { type EdgeContext } from '../platform/server/edge';
import { type ResolvedRequest } from '../platform/server/operation-steps';
import { perOperation } from '../platform/server/per-operation';
import { reachedBy } from '../platform/server/selected-operation';
import { type Scope, SCOPES } from './scope.kinds';
import { type Viewer } from './viewer';

type Guest = Pick<Viewer, 'isAnonymous' | 'can'>;

type Requirement = 'public' | 'undeclared' | readonly Scope[];

/** Opens a field to callers with any one of these scopes. */
export function RequiresScope(...scopes: readonly [Scope, ...Scope[]]): ReturnType<typeof Extensions> {
  return Extensions({ scopes });
}

/** Opens a root field to everyone. A root field that says neither this nor a scope is closed to all. */
export function IsPublic(): ReturnType<typeof Extensions> {
  return Extensions({ isPublic: true });
}

/**
 * Refuses an operation as a whole, before any of it runs, if its caller may not have all of it: a mutation must not
 * be carried out and then refused its answer.
 */
export function accessControl<C extends EdgeContext & { readonly viewer: Guest }>({
  schema,
  document,
  operation,
  contextValue,
}: ResolvedRequest<C>): void {
  if (operation === undefined) return;
  const refusal = refusalOf(guardedFields(document, operation, schema), contextValue.viewer);
  if (refusal !== undefined) throw refusal;
}

/** Root fields that name no scope and are not public: they are refused to everyone, so a test wants none. */
export function undeclaredRootFields(schema: GraphQLSchema): readonly string[] {
  return rootTypes(schema).flatMap(type =>
    Object.values(type.getFields())
      .filter(field => opensNothing(requirementOf(field)))
      .map(field => `${type.name}.${field.name}`),
  );
}

/** A field that is not open to everyone. */
interface GuardedField {
  /** As its refusal calls it. */
  readonly name: string;
  readonly isRoot: boolean;
  readonly requirement: Exclude<Requirement, 'public'>;
}

/** Those that an operation asks for, in the document's order. They do not hang on who asks. */
const guardedFields = perOperation((document, operation, schema: GraphQLSchema): readonly GuardedField[] => {
  const guarded: GuardedField[] = [];
  const roots: readonly unknown[] = rootTypes(schema);
  for (const definition of reachedBy(document, operation)) {
    const types = new TypeInfo(schema);
    const visitor = visitWithTypeInfo(types, {
      Field({ name }) {
        // What the schema holds is told, or not told, by the server as a whole.
        if (name.value.startsWith('__')) return false;
        const parent = types.getParentType();
        const own = types.getFieldDef();
        if (!parent || !own) return undefined;
        // Through an interface any type that implements it may answer, under the rules of its own field.
        const possible = isAbstractType(parent) ? schema.getPossibleTypes(parent) : [];
        const fields = [own, ...possible.map(type => type.getFields()[own.name] ?? own)];
        const isRoot = roots.includes(parent);
        for (const field of fields) {
          const requirement = requirementOf(field);
          if (requirement === 'public' || (requirement === 'undeclared' && !isRoot)) continue;
          guarded.push({ name: isRoot ? field.name : `${parent.name}.${field.name}`, isRoot, requirement });
        }
        return undefined;
      },
    });
    visit(definition, visitor);
  }
  return guarded;
});

/** The first reason why this caller may not have all of these fields. */
function refusalOf(fields: readonly GuardedField[], viewer: Guest): Refusal | undefined {
  for (const { name, isRoot, requirement } of fields) {
    if (opensNothing(requirement)) {
      return new Refusal('FORBIDDEN', `${name} is closed: it does not say which scope opens it.`);
    }
    if (requirement.some(scope => viewer.can(scope))) continue;
    if (isRoot && viewer.isAnonymous) return unauthenticated();
    return new Refusal('FORBIDDEN', `${name} needs the scope ${requirement.join(' or ')}.`, {
      scopes: requirement,
    });
  }
  return undefined;
}

/** Read from where the decorators above put it. A list that holds no scope of ours opens nothing. */
function requirementOf({ extensions }: GraphQLField<unknown, unknown>): Requirement {
  const declared: unknown = extensions['scopes'];
  if (Array.isArray(declared)) return SCOPES.filter(scope => declared.includes(scope));
  return extensions['isPublic'] === true ? 'public' : 'undeclared';
}

function opensNothing(requirement: Requirement): requirement is 'undeclared' | readonly [] {
  return requirement === 'undeclared' || requirement.length === 0;
}

function rootTypes(schema: GraphQLSchema): readonly GraphQLObjectType[] {
  return [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].filter(
    type => type !== null && type !== undefined,
  );
}
