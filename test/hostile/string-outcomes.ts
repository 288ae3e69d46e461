import { buildClientSchema, getIntrospectionQuery, type IntrospectionQuery } from 'graphql';
import { type Gateway, type GraphqlAnswer } from '../support/gateway';
import { type StringPlace, stringPlaces } from './string-places';
import { HOSTILE_STRINGS } from './strings';

/** What became of one text in one place. Nothing in it depends on the moment: the same texts have the same outcomes. */
export interface StringOutcome {
  readonly place: string;
  /** Its name in the table of hostile strings. */
  readonly text: string;
  readonly status: number;
  /** `accepted`, or the code of the first error, of a batch that of its first item. */
  readonly outcome: string;
  /** The paths that the refusal names. */
  readonly paths: readonly string[];
  /** What stands in the answer under the name of the place; null where the text is stored nowhere. */
  readonly readBack: readonly unknown[] | null;
  /** The answer's errors, as they came. */
  readonly errors: string;
}

/**
 * Sends every hostile string to every place of the live schema that takes a text, or to those of the given names. The
 * store must hold nothing but message 1, OUTGOING and PENDING. Two gateways have equal outcomes, whatever their engines.
 */
export async function stringOutcomes(
  gateway: Gateway,
  names?: readonly string[],
): Promise<readonly StringOutcome[]> {
  const outcomes: StringOutcome[] = [];
  for (const place of await placesOf(gateway)) {
    if (names?.includes(place.name) === false) continue;
    for (const [name, text] of Object.entries(HOSTILE_STRINGS)) {
      const answer = await gateway.graphql<unknown>(place.document, { v: place.variable(text) });
      outcomes.push(outcomeOf(place, name, answer));
    }
  }
  return outcomes;
}

/** The places of the schema as the gateway itself tells it. */
async function placesOf(gateway: Gateway): Promise<readonly StringPlace[]> {
  const { data } = await gateway.graphql<IntrospectionQuery>(getIntrospectionQuery());
  if (!data) throw new Error('The gateway does not tell its schema.');
  return stringPlaces(buildClientSchema(data));
}

interface Problem {
  readonly code: string;
  readonly paths: readonly string[];
}

function outcomeOf(place: StringPlace, text: string, answer: GraphqlAnswer<unknown>): StringOutcome {
  const { status, data, errors = [] } = answer;
  const problems = errors.length > 0 ? errors.map(asProblem) : itemProblems(data);
  const isStored = /(?:input|inputs|resources\.patch)\./.test(place.name) && problems.length === 0;
  return {
    place: place.name,
    text,
    status,
    outcome: problems[0]?.code ?? 'accepted',
    paths: problems.flatMap(({ paths }) => paths),
    readBack: isStored ? valuesUnder(place.field, data) : null,
    errors: JSON.stringify(errors.length > 0 ? errors : problems),
  };
}

function asProblem({ extensions }: NonNullable<GraphqlAnswer<unknown>['errors']>[number]): Problem {
  const issues = (extensions['issues'] ?? []) as readonly { path: readonly string[] }[];
  return { code: extensions.code, paths: issues.map(({ path }) => path.join('.')) };
}

/** What the items of a batch were refused for. */
function itemProblems(data: unknown): readonly Problem[] {
  const errors = valuesUnder('errors', data).flat() as readonly { code: string; path: readonly string[] }[];
  return errors.map(({ code, path }) => ({ code, paths: [path.join('.')] }));
}

/** What stands under a name, anywhere in a result, where it is no object with fields of its own. */
function valuesUnder(name: string, value: unknown): readonly unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]: [string, unknown]) => [
    ...(key === name && !isOfSchema(inner) ? [inner] : []),
    ...valuesUnder(name, inner),
  ]);
}

function isOfSchema(value: unknown): boolean {
  return typeof value === 'object' && value !== null && '__typename' in value;
}
