import { ArgsType, Field, Int } from 'type-graphql';

/** Which page of a list. Absent and null are the same here. */
@ArgsType()
export class PageArguments {
  readonly first?: number | null;
  readonly after?: string | null;
  readonly last?: number | null;
  readonly before?: string | null;
  readonly offset?: number | null;
}

const PAGE_FIELDS = {
  first: {
    type: () => Int,
    description:
      'The first so many, 1 to 500; 50 when neither `first` nor `last` is given. Not with `last` or `before`.',
  },
  after: {
    type: () => String,
    description: 'Only what comes after this cursor. Not with `last`, `before` or `offset`.',
  },
  last: {
    type: () => Int,
    description: 'The last so many, 1 to 500. Not with `first`, `after` or `offset`.',
  },
  before: {
    type: () => String,
    description: 'Only what comes before this cursor. Not with `first`, `after` or `offset`.',
  },
  offset: {
    type: () => Int,
    description:
      'Leave out so many, 0 or more; with `first` or alone. For jumping to a page; to walk a list, cursors are quicker ' +
      'and neither miss nor repeat anything when messages arrive meanwhile.',
  },
};

/** Declares the page's arguments where this is called: a superclass's would come before a list's own. */
export function declarePage(target: new () => PageArguments): void {
  for (const [name, { type, description }] of Object.entries(PAGE_FIELDS)) {
    Field(type, { nullable: true, description })(target.prototype as object, name);
  }
}
declarePage(PageArguments);
