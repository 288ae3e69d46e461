import { type ApolloServerPlugin } from '@apollo/server';
import {
  type DocumentNode,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  isAbstractType,
  type OperationDefinitionNode,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import { Extensions } from 'type-graphql';
import { Refusal, unauthenticated } from '../platform/errors';
import { type EdgeContext } from '../platform/server/edge';
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
export function accessControl<C extends EdgeContext & { readonly viewer: Guest }>(): ApolloServerPlugin<C> {
  return {
    requestDidStart: () =>
      Promise.resolve({
        didResolveOperation({ schema, document, operation, contextValue }) {
          if (operation === undefined) return Promise.resolve();
          const refusal = refusalOf(schema, document, operation, contextValue.viewer);
          return refusal === undefined ? Promise.resolve() : Promise.reject(refusal);
        },
      }),
  };
}

/** Root fields that name no scope and are not public: they are refused to everyone, so a test wants none. */
export function undeclaredRootFields(schema: GraphQLSchema): readonly string[] {
  return rootTypes(schema).flatMap(type =>
    Object.values(type.getFields())
      .filter(field => opensNothing(requirementOf(field)))
      .map(field => `${type.name}.${field.name}`),
  );
}

/** The first reason, in the document's order, why this caller may not run this operation. */
function refusalOf(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  viewer: Guest,
): Refusal | undefined {
  let refusal: Refusal | undefined;
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
        for (const field of fields)
          refusal ??= fieldRefusal(field, parent.name, roots.includes(parent), viewer);
        return undefined;
      },
    });
    visit(definition, visitor);
  }
  return refusal;
}

function fieldRefusal(
  field: GraphQLField<unknown, unknown>,
  owner: string,
  isRoot: boolean,
  viewer: Guest,
): Refusal | undefined {
  const requirement = requirementOf(field);
  if (requirement === 'public' || (requirement === 'undeclared' && !isRoot)) return undefined;
  const name = isRoot ? field.name : `${owner}.${field.name}`;
  if (opensNothing(requirement)) {
    return new Refusal('FORBIDDEN', `${name} is closed: it does not say which scope opens it.`);
  }
  if (requirement.some(scope => viewer.can(scope))) return undefined;
  if (isRoot && viewer.isAnonymous) return unauthenticated();
  return new Refusal('FORBIDDEN', `${name} needs the scope ${requirement.join(' or ')}.`, {
    scopes: requirement,
  });
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
