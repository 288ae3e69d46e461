import {
  type DocumentNode,
  type ExecutionResult,
  type FormattedExecutionResult,
  getArgumentValues,
  type GraphQLError,
  type GraphQLField,
  type GraphQLSchema,
  isNonNullType,
  locatedError,
  type OperationDefinitionNode,
} from 'graphql';
import { Extensions } from 'type-graphql';
import { type Json, jsonObject, JsonText } from '../graphql/json-text';
import { type AskedField, askedFields } from './asked-fields';
import { type Run } from './compiled-queries';

/** Writes the whole answer of a root field of a query as JSON, where nobody has to look at its single fields. */
export interface AnswerWriter<Plan, Arguments, Context> {
  /** Made once for each operation; null where what is asked of the field needs resolvers. */
  plan(asked: readonly AskedField[]): Plan | null;
  /**
   * @param args as GraphQL reads them from the operation and its variables.
   * @returns what an answer made by resolvers would become, to the byte. Where it throws, they are called.
   */
  write(plan: Plan, args: Arguments, context: Context): Promise<Json>;
}

/** For a root field of a query: where the writer has a plan, its resolver is not called. */
export function WrittenBy<Plan, Arguments, Context>(
  writer: AnswerWriter<Plan, Arguments, Context>,
): ReturnType<typeof Extensions> {
  return Extensions({ writer });
}

/**
 * @param operation a query without directives, and without introspection.
 * @returns null where some of its root fields cannot write their answers.
 */
export function writtenAnswer(
  document: DocumentNode,
  operation: OperationDefinitionNode,
  schema: GraphQLSchema,
): Run | null {
  const definitions = schema.getQueryType()?.getFields() ?? {};
  const fields: WrittenField[] = [];
  for (const asked of askedFields(document, operation.selectionSet)) {
    const field = writtenField(asked, definitions[asked.field]);
    if (field === null) return null;
    fields.push(field);
  }
  return (variables, context) => write(fields, variables, context);
}

/** An answer as it is sent: as a text, or as the bytes of one. */
export function answerPayload({ errors, data, ...rest }: FormattedExecutionResult): string | Buffer {
  const written = data === null || data === undefined ? null : writtenIn(data);
  if (written === null) return `${JSON.stringify({ errors, data, ...rest })}\n`;
  const before = errors === undefined ? '{' : `{"errors":${JSON.stringify(errors)},`;
  return new JsonText([before, '"data":', written, '}\n']).payload();
}

/** Null where resolvers have made the answer: then no part of it is written. */
function writtenIn(data: Readonly<Record<string, unknown>>): Json | null {
  const entries = Object.entries(data);
  if (!entries.some(([, value]) => value instanceof JsonText)) return null;
  return jsonObject(entries.map(([name, value]) => [name, value instanceof JsonText ? value.json : 'null']));
}

interface WrittenField {
  readonly asked: AskedField;
  readonly definition: GraphQLField<unknown, unknown>;
  readonly write: (args: unknown, context: unknown) => Promise<Json>;
}

function writtenField(
  asked: AskedField,
  definition: GraphQLField<unknown, unknown> | undefined,
): WrittenField | null {
  const writer = definition?.extensions['writer'] as AnswerWriter<unknown, unknown, unknown> | undefined;
  const plan = writer?.plan(asked.asked) ?? null;
  if (definition === undefined || writer === undefined || plan === null) return null;
  return { asked, definition, write: (args, context) => writer.write(plan, args, context) };
}

async function write(
  fields: readonly WrittenField[],
  variables: Readonly<Record<string, unknown>>,
  context: unknown,
): Promise<ExecutionResult> {
  const errors: GraphQLError[] = [];
  const values = await Promise.all(
    fields.map(async ({ asked, definition, write }) => {
      try {
        const json = await write(getArgumentValues(definition, asked.nodes[0], variables), context);
        // By what is null an answer is judged.
        return json === 'null' ? null : new JsonText(json);
      } catch (error) {
        errors.push(locatedError(error, asked.nodes, [asked.name]));
        return null;
      }
    }),
  );
  const data = Object.fromEntries(fields.map(({ asked }, index) => [asked.name, values[index] ?? null]));
  if (errors.length === 0) return { data };
  const isNothing = fields.some(
    ({ definition }, index) => isNonNullType(definition.type) && values[index] === null,
  );
  return { errors, data: isNothing ? null : data };
}
