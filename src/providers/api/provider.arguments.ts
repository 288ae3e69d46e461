import { ArgsType, Field, ID, InputType, Int } from 'type-graphql';
import { type FailureFilter } from '../failures/failure.pages';

@InputType('IntakeFailureFilter', {
  description: 'Which failures to list. Fields are joined by AND; a null value is as if it were left out.',
})
export class FailureFilterInput implements FailureFilter {
  @Field(() => [ID], {
    nullable: true,
    description: 'Those that came by any of these data providers; 1 to 500 of them.',
  })
  readonly providerId?: string[] | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'true: those that were stored after all; false: those that still wait; left out: both.',
  })
  readonly resolved?: boolean | null;
}

@ArgsType()
export class FailureListArguments {
  @Field(() => FailureFilterInput, {
    nullable: true,
    description: 'Which failures; without it, all of them.',
  })
  readonly filter?: FailureFilterInput | null;

  @Field(() => Int, {
    nullable: true,
    description: 'The first so many, newest first: 1 to 500; 50 when it is not given.',
  })
  readonly first?: number | null;

  @Field(() => String, {
    nullable: true,
    description: 'Only what comes after this cursor. Give the `endCursor` of a page for the next one.',
  })
  readonly after?: string | null;
}
