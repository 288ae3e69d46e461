import {
  type ASTNode,
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  isInputType,
  Kind,
  type OperationDefinitionNode,
  typeFromAST,
  TypeInfo,
  type ValueNode,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import { badUserInput, type Issue } from '../errors';
import { type EdgeContext } from './edge';
import { JsonValue, LiteralValue } from './given-value';
import { type OperationCheck } from './operation-steps';
import { reachedBy } from './selected-operation';
import { ValueProblems } from './value-problems';

/**
 * GraphQL refuses a value that does not fit its type in two ways, neither of them fit for a form: in the document as
 * errors of validation, in the variables one by one at execution, both with the value in the text. Here each becomes
 * one BAD_USER_INPUT that lists every problem by its path from the argument on.
 */

/** Refuses variables that do not fit, before GraphQL's own coercion finds them. */
export function variableCoercion<C extends EdgeContext>(hints: boolean): OperationCheck<C> {
  return ({ schema, document, operation, request }) => {
    if (operation === undefined) return;
    const given: Readonly<Record<string, unknown>> = request.variables ?? {};
    const issues = variableIssues(schema, document, operation, given, hints);
    if (issues.length > 0) throw badUserInput(issues);
  };
}

/** Puts one refusal that lists every literal that does not fit in the place of the validation errors about them. */
export function gatherLiteralErrors(
  errors: readonly unknown[],
  schema: GraphQLSchema,
  document: DocumentNode,
  hints: boolean,
): readonly unknown[] {
  const others = errors.filter(error => !isAboutLiteral(error));
  if (others.length === errors.length) return errors;
  const issues = literalIssues(schema, document, document.definitions, { hints, nulls: new Set() });
  const refusal = badUserInput(
    issues.length > 0 ? issues : [{ path: [], message: 'A value does not fit its type.' }],
  );
  // Validation that gave up did so for the literals, which are now told of in full.
  return [refusal, ...others.filter(error => !isAboutGivingUp(error))];
}

function variableIssues(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  given: Readonly<Record<string, unknown>>,
  hints: boolean,
): readonly Issue[] {
  if (operation.variableDefinitions === undefined || operation.variableDefinitions.length === 0) return [];
  const issues: Issue[] = [];
  const nulls = new Set<string>();
  for (const { variable, type: typeNode, defaultValue } of operation.variableDefinitions) {
    const type = typeFromAST(schema, typeNode);
    if (!isInputType(type)) continue;
    const name = variable.name.value;
    const problems = new ValueProblems(hints);
    if (Object.hasOwn(given, name)) problems.check(new JsonValue(given[name]), type, []);
    else if (typeNode.kind === Kind.NON_NULL_TYPE && defaultValue === undefined)
      problems.report([], 'is required');
    if (problems.issues.length === 0) {
      if (given[name] === null) nulls.add(name);
      continue;
    }
    for (const place of placesOf(name, document, operation)) {
      issues.push(...problems.issues.map(({ path, message }) => ({ path: [...place, ...path], message })));
    }
  }
  // A variable that may be null may stand where null may not, if there is a default for when it is left out.
  return nulls.size === 0
    ? issues
    : [...issues, ...literalIssues(schema, document, reachedBy(document, operation), { hints, nulls })];
}

/** Where a variable is used, each place once; its own name where it is used nowhere. */
function placesOf(
  name: string,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): readonly (readonly string[])[] {
  const places = new Map<string, readonly string[]>();
  for (const definition of reachedBy(document, operation)) {
    visit(definition, {
      Argument(argument) {
        for (const place of usesOf(name, argument.value, [argument.name.value])) {
          places.set(JSON.stringify(place), place);
        }
        return false;
      },
    });
  }
  return places.size === 0 ? [[name]] : [...places.values()];
}

function usesOf(name: string, value: ValueNode, path: readonly string[]): readonly (readonly string[])[] {
  if (value.kind === Kind.VARIABLE) return value.name.value === name ? [path] : [];
  if (value.kind === Kind.LIST) {
    return value.values.flatMap((item, index) => usesOf(name, item, [...path, String(index)]));
  }
  if (value.kind === Kind.OBJECT) {
    return value.fields.flatMap(field => usesOf(name, field.value, [...path, field.name.value]));
  }
  return [];
}

function literalIssues(
  schema: GraphQLSchema,
  document: DocumentNode,
  definitions: readonly ASTNode[],
  { hints, nulls }: { readonly hints: boolean; readonly nulls: ReadonlySet<string> },
): readonly Issue[] {
  const problems = new ValueProblems(hints);
  const types = new TypeInfo(schema);
  const visitor = visitWithTypeInfo(types, {
    Argument({ name, value }) {
      const argument = types.getArgument();
      if (argument) problems.check(new LiteralValue(value, nulls), argument.type, [name.value]);
      return false;
    },
    OperationDefinition(operation) {
      for (const { variable, type: typeNode, defaultValue } of operation.variableDefinitions ?? []) {
        const type = typeFromAST(schema, typeNode);
        if (defaultValue === undefined || !isInputType(type)) continue;
        for (const place of placesOf(variable.name.value, document, operation)) {
          problems.check(new LiteralValue(defaultValue, nulls), type, place);
        }
      }
    },
    VariableDefinition: () => false,
  });
  for (const definition of definitions) visit(definition, visitor);
  return problems.issues;
}

const LITERALS: ReadonlySet<string> = new Set([
  Kind.INT,
  Kind.FLOAT,
  Kind.STRING,
  Kind.BOOLEAN,
  Kind.NULL,
  Kind.ENUM,
  Kind.LIST,
  Kind.OBJECT,
  Kind.OBJECT_FIELD,
]);

/** Only the rule about values points at a literal; a scalar that refuses one may point at nothing at all. */
function isAboutLiteral(error: unknown): boolean {
  if (!(error instanceof GraphQLError) || error.extensions['code'] !== 'GRAPHQL_VALIDATION_FAILED')
    return false;
  const [node] = error.nodes ?? [];
  return node === undefined ? !isAboutGivingUp(error) : LITERALS.has(node.kind);
}

function isAboutGivingUp(error: unknown): boolean {
  return error instanceof GraphQLError && error.message.startsWith('Too many validation errors');
}
