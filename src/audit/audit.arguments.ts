import { ArgsType, Field, ID, InputType, Int } from 'type-graphql';
import { DateTimeRange } from '../platform/graphql/date-time-range.types';
import { AuditActionEnum, AuditActorEnum } from './audit.enums';
import { type AuditFilter } from './audit.filter';
import { type AuditAction, type AuditActor } from './audit.kinds';

const ANY_OF = 'any of these; 1 to 500 of them';

@InputType('AuditFilter', {
  description:
    'Which entries to list. Fields are joined by AND, the values of one list by OR; a null value is as if it were left out.',
})
export class AuditFilterInput implements AuditFilter {
  @Field(() => [ID], {
    nullable: true,
    description: `What became of ${ANY_OF}. An id that names nothing matches nothing.`,
  })
  readonly messageId?: string[] | null;

  @Field(() => [ID], {
    nullable: true,
    description: `Written by whoever showed ${ANY_OF}, by their ids in \`heliograph token list\`.`,
  })
  readonly tokenId?: string[] | null;

  @Field(() => [ID], {
    nullable: true,
    description: `Written in ${ANY_OF}, as \`X-Request-Id\` or the log names it.`,
  })
  readonly requestId?: string[] | null;

  @Field(() => [AuditActionEnum], { nullable: true, description: `The action is ${ANY_OF}.` })
  readonly action?: AuditAction[] | null;

  @Field(() => [AuditActorEnum], { nullable: true, description: `The actor is ${ANY_OF}.` })
  readonly actor?: AuditActor[] | null;

  @Field(() => DateTimeRange, { nullable: true, description: 'When it was written.' })
  readonly at?: DateTimeRange | null;
}

const FIRST = {
  nullable: true,
  description: 'The first so many, newest first: 1 to 500; 50 when it is not given.',
};
const AFTER = {
  nullable: true,
  description:
    'Only what comes after this cursor: what is older. Give the `endCursor` of a page for the next one.',
};

@ArgsType()
export class AuditLogArguments {
  @Field(() => AuditFilterInput, { nullable: true, description: 'Which entries; without it, all of them.' })
  readonly filter?: AuditFilterInput | null;

  @Field(() => Int, FIRST)
  readonly first?: number | null;

  @Field(() => String, AFTER)
  readonly after?: string | null;
}

@ArgsType()
export class HistoryArguments {
  @Field(() => Int, FIRST)
  readonly first?: number | null;

  @Field(() => String, AFTER)
  readonly after?: string | null;
}
