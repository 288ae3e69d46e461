import { type Issue } from '../errors';

/** Entries on a page: what is given when the caller asks for no number, and the most that one answer may hold. */
export const DEFAULT_PAGE_SIZE = 50;
export const MAX_PAGE_SIZE = 500;

/** The page arguments of a GraphQL field; null is the same as leaving an argument out. */
export interface PageArguments {
  readonly first?: number | null | undefined;
  readonly after?: string | null | undefined;
  readonly last?: number | null | undefined;
  readonly before?: string | null | undefined;
  readonly offset?: number | null | undefined;
}

/**
 * Which part of a list is asked for: `size` entries, walking forward from the start of the list or backward from its
 * end, beyond the position `from` where there is one, past the first `offset` entries.
 */
export interface PageWindow<Position> {
  readonly forward: boolean;
  readonly size: number;
  readonly offset: number;
  readonly from: Position | null;
}

export interface CheckedWindow<Position> {
  /** Meaningful only where there are no issues. */
  readonly window: PageWindow<Position>;
  readonly issues: readonly Issue[];
}

/**
 * Reads page arguments. `last` and `before` walk backward, everything else forward; `before` alone gives the last 50
 * entries in front of its cursor. The two cursors cannot be combined: a page has one end that is given.
 * @param positionAt reads a cursor; null where it is damaged or of another order.
 */
export function pageWindow<Position>(
  args: PageArguments,
  positionAt: (cursor: string) => Position | null,
): CheckedWindow<Position> {
  const page = given(args);
  const { first, last, after, before, offset } = page;
  const from = {
    after: readCursor('after', after, positionAt),
    before: readCursor('before', before, positionAt),
  };
  return {
    window: {
      forward: last === undefined && before === undefined,
      size: first ?? last ?? DEFAULT_PAGE_SIZE,
      offset: offset ?? 0,
      from: from.after.position ?? from.before.position,
    },
    issues: [
      ...clashes(page),
      ...sizeIssues('first', first),
      ...sizeIssues('last', last),
      ...from.after.issues,
      ...from.before.issues,
      ...offsetIssues(offset),
    ],
  };
}

type Given = { readonly [A in keyof PageArguments]: Exclude<PageArguments[A], null> };

function given(args: PageArguments): Given {
  return {
    first: args.first ?? undefined,
    after: args.after ?? undefined,
    last: args.last ?? undefined,
    before: args.before ?? undefined,
    offset: args.offset ?? undefined,
  };
}

function sizeIssues(argument: 'first' | 'last', size: number | undefined): readonly Issue[] {
  if (size === undefined || (Number.isInteger(size) && size >= 1 && size <= MAX_PAGE_SIZE)) return [];
  return [{ path: [argument], message: `must be from 1 to ${MAX_PAGE_SIZE}` }];
}

function offsetIssues(offset: number | undefined): readonly Issue[] {
  if (offset === undefined || (Number.isInteger(offset) && offset >= 0)) return [];
  return [{ path: ['offset'], message: 'must be 0 or more' }];
}

/** Arguments that are right each for itself, but do not go together. */
function clashes({ first, after, last, before, offset }: Given): readonly Issue[] {
  const issues: Issue[] = [];
  const refuse = (argument: keyof PageArguments, message: string) =>
    issues.push({ path: [argument], message });
  if (first !== undefined && last !== undefined) refuse('last', 'cannot be combined with first');
  if (after !== undefined && last !== undefined) refuse('after', 'goes with first, not with last');
  if (before !== undefined && first !== undefined) refuse('before', 'goes with last, not with first');
  if (before !== undefined && after !== undefined) refuse('before', 'cannot be combined with after');
  const others = Object.entries({ after, last, before }).filter(([, value]) => value !== undefined);
  if (offset !== undefined && others.length > 0) {
    refuse('offset', `cannot be combined with ${others.map(([name]) => name).join(', ')}`);
  }
  return issues;
}

function readCursor<Position>(
  argument: 'after' | 'before',
  cursor: string | undefined,
  positionAt: (cursor: string) => Position | null,
): { readonly position: Position | null; readonly issues: readonly Issue[] } {
  if (cursor === undefined) return { position: null, issues: [] };
  const position = positionAt(cursor);
  const message = 'must be a cursor of this list under the same order; it is damaged or of another order';
  return { position, issues: position === null ? [{ path: [argument], message }] : [] };
}
