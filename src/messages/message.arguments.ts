import { ArgsType, Field, Int } from 'type-graphql';
import { MessageFilterInput, MessageOrderInput } from './message.list.types';

/** Which page of a list. Absent and null are the same here. */
@ArgsType()
export class PageArguments {
  @Field(() => Int, {
    nullable: true,
    description:
      'The first so many, 1 to 500; 50 when neither `first` nor `last` is given. Not with `last` or `before`.',
  })
  readonly first?: number | null;

  @Field(() => String, {
    nullable: true,
    description: 'Only what comes after this cursor. Not with `last`, `before` or `offset`.',
  })
  readonly after?: string | null;

  @Field(() => Int, {
    nullable: true,
    description: 'The last so many, 1 to 500. Not with `first`, `after` or `offset`.',
  })
  readonly last?: number | null;

  @Field(() => String, {
    nullable: true,
    description: 'Only what comes before this cursor. Not with `first`, `after` or `offset`.',
  })
  readonly before?: string | null;

  @Field(() => Int, {
    nullable: true,
    description:
      'Leave out so many, 0 or more; with `first` or alone. For jumping to a page; to walk a list, cursors are quicker and ' +
      'neither miss nor repeat anything when messages arrive meanwhile.',
  })
  readonly offset?: number | null;
}

@ArgsType()
export class ListArguments extends PageArguments {
  @Field(() => MessageFilterInput, {
    nullable: true,
    description: 'Which messages; without it, those INCOMING and not ARCHIVED.',
  })
  readonly filter?: MessageFilterInput | null;

  @Field(() => MessageOrderInput, {
    nullable: true,
    description: 'In which order; without it, the newest first.',
  })
  readonly orderBy?: MessageOrderInput | null;
}
