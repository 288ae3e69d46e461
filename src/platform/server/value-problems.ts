import {
  type GraphQLInputObjectType,
  type GraphQLInputType,
  type GraphQLLeafType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isRequiredInputField,
} from 'graphql';
import { type Issue } from '../errors';
import { type GivenValue } from './given-value';

/** Deeper than any input of ours; a value nested without end would exhaust the stack of whoever walks it. */
const MAX_NESTING = 64;

/** An answer has room for fewer; a body of a megabyte could hold a hundred thousand. */
const MAX_ISSUES = 500;

/** Characters kept of a field's name that no type knows: it is the caller's own, and may be of any length. */
const MAX_NAME_LENGTH = 64;

/** What GraphQL's own scalars take, in words that need no knowledge of GraphQL. */
const EXPECTED: Readonly<Record<string, string>> = {
  Int: 'must be an integer from −2147483648 to 2147483647',
  Float: 'must be a finite number',
  String: 'must be a string',
  Boolean: 'must be true or false',
  ID: 'must be a string or an integer',
};

/**
 * Collects everything that keeps given values from fitting their types. GraphQL's own coercion decides the same way,
 * but its messages repeat the value, and in a document it stops after the first few.
 */
export class ValueProblems {
  readonly issues: Issue[] = [];

  /** @param hints whether a message may tell what an enum holds. */
  constructor(private readonly hints: boolean) {}

  /** @param path where the value stands, from the argument on. */
  check(given: GivenValue, type: GraphQLInputType, path: readonly string[]): void {
    // Who has that many to mend is told the rest next time: to find each of a hundred thousand takes seconds.
    if (given.isVariable || this.issues.length >= MAX_ISSUES) return;
    if (isNonNullType(type)) {
      if (given.isNull) this.report(path, 'cannot be null');
      else this.check(given, type.ofType, path);
      return;
    }
    if (given.isNull) return;
    if (path.length > MAX_NESTING && (isListType(type) || isInputObjectType(type))) {
      this.report(path, 'is nested too deeply');
    } else if (isListType(type)) {
      const items = given.items();
      // GraphQL reads a single value as a list of one.
      if (items === undefined) this.check(given, type.ofType, path);
      else items.forEach((item, index) => this.check(item, type.ofType, [...path, String(index)]));
    } else if (isInputObjectType(type)) {
      this.checkFields(given, type, path);
    } else {
      const problem = this.leafProblem(given, type);
      if (problem !== undefined) this.report(path, problem);
    }
  }

  report(path: readonly string[], message: string): void {
    if (this.issues.length < MAX_ISSUES) this.issues.push({ path, message });
  }

  private checkFields(given: GivenValue, type: GraphQLInputObjectType, path: readonly string[]): void {
    const fields = given.fields();
    if (fields === undefined) {
      this.report(path, 'must be an object');
      return;
    }
    const known = type.getFields();
    for (const field of Object.values(known)) {
      const value = fields.get(field.name);
      if (value !== undefined) this.check(value, field.type, [...path, field.name]);
      else if (isRequiredInputField(field)) this.report([...path, field.name], 'is required');
    }
    for (const name of fields.keys()) {
      if (known[name] === undefined) this.report([...path, cut(name)], `is not a field of ${type.name}`);
    }
    if (type.isOneOf) this.checkOneOf(fields, path);
  }

  private checkOneOf(fields: ReadonlyMap<string, GivenValue>, path: readonly string[]): void {
    const [only, ...others] = fields;
    if (only === undefined || others.length > 0) this.report(path, 'must hold exactly one field');
    else if (only[1].isNull) this.report([...path, cut(only[0])], 'cannot be null');
  }

  private leafProblem(given: GivenValue, type: GraphQLLeafType): string | undefined {
    try {
      if (given.readAs(type) !== undefined) return undefined;
    } catch (error) {
      // A scalar of ours says what it takes, in words that begin like this; GraphQL's own repeat what they were given.
      if (error instanceof Error && error.message.startsWith('must ')) return error.message;
    }
    if (!isEnumType(type)) return EXPECTED[type.name] ?? `is not a valid ${type.name}`;
    if (!this.hints) return `is not a value of ${type.name}`;
    const names = type.getValues().map(value => value.name);
    return `must be one of ${names.join(', ')}`;
  }
}

/** Half a character, its caller's or what is left of a pair, would make an answer that strict readers of JSON refuse. */
function cut(name: string): string {
  const kept = name.slice(0, MAX_NAME_LENGTH).replace(/\p{Surrogate}/gu, '\ufffd');
  return name.length > MAX_NAME_LENGTH ? `${kept}…` : kept;
}
