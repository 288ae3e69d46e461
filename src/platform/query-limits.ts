/**
 * How large an operation may be: each number is the most that is allowed. Fragments count as often as they are spread,
 * `__typename` counts like any field, and `@skip` and `@include` take nothing away. What an app really asks for stays far
 * below; what goes beyond was written to hurt, or by mistake.
 */
export interface QueryLimits {
  /** Lexical tokens of the document; where the parser stops. */
  readonly tokens: number;
  /** Operations in one document, of which one runs. */
  readonly operations: number;
  /** Levels of fields below the operation; fragments add none. */
  readonly depth: number;
  /** The same below `__schema` and `__type`: the introspection of common tools takes all 15. */
  readonly introspectionDepth: number;
  readonly aliases: number;
  readonly directives: number;
  /** Fields, spreads and inline fragments. */
  readonly selections: number;
  /** Root fields of a mutation, each a transaction of its own. */
  readonly mutationFields: number;
  /**
   * Messages and other entries of lists that the answer could hold: page sizes, and sizes of batches, multiplied on the
   * way down. Ten dates of a schedule count as one, because each has to be searched for.
   */
  readonly nodes: number;
  /** The same for callers without a token. */
  readonly anonymousNodes: number;
  /** Characters of an answer as JSON, in UTF-16 code units, escapes not counted. */
  readonly answerCharacters: number;
  /** Characters of what one request reads from the store, whether it shows it or not. */
  readonly readCharacters: number;
}

export const QUERY_LIMITS: QueryLimits = {
  tokens: 1_000,
  operations: 10,
  depth: 12,
  introspectionDepth: 15,
  aliases: 20,
  directives: 20,
  selections: 500,
  mutationFields: 10,
  nodes: 10_000,
  anonymousNodes: 1_000,
  // 500 of the longest messages that there can be.
  answerCharacters: 40_000_000,
  readCharacters: 80_000_000,
};
