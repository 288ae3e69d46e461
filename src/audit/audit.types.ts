import { Field, ID, Int, ObjectType } from 'type-graphql';
import { PageInfo } from '../platform/graphql/page-info.types';
import { DateTime, Json } from '../platform/graphql/scalars';
import { AuditActionEnum, AuditActorEnum } from './audit.enums';
import { type AuditAction, type AuditActor } from './audit.kinds';

@ObjectType({ description: 'One field of a message, before and after a change.' })
export class AuditChange {
  @Field(() => String, { description: 'The field of Message, such as `status`.' })
  readonly field!: string;

  @Field(() => Json, {
    nullable: true,
    description:
      'What the message held before, as the field showed it: an instant as ISO 8601 text, a list as a list, `schedule` as an ' +
      'object with the fields of MessageScheduleInput.',
  })
  readonly from!: unknown;

  @Field(() => Json, { nullable: true, description: 'What it holds from then on.' })
  readonly to!: unknown;
}

/** How an entry looks in GraphQL; the entity `AuditEntry` answers its fields. */
@ObjectType('AuditEntry', {
  description:
    'That somebody wrote a message: there is one entry for each message that was really written, made together with it. ' +
    'What was refused, changed nothing, or repeated an idempotency key made none. Entries never change and are never deleted.',
})
export class AuditEntryObject {
  @Field(() => ID, {
    description:
      'A decimal whole number, as text. Ids ascend in the order of writing and are never used again.',
  })
  readonly id!: number;

  @Field(() => DateTime, { description: 'When it was written.' })
  readonly at!: Date;

  @Field(() => AuditActionEnum, { description: 'What became of the message.' })
  readonly action!: AuditAction;

  @Field(() => AuditActorEnum, { description: 'Who wrote it.' })
  readonly actor!: AuditActor;

  @Field(() => ID, {
    nullable: true,
    description:
      'With the actor TOKEN: which token was shown, by its id in `heliograph token list`; else null.',
  })
  readonly tokenId!: number | null;

  @Field(() => ID, {
    nullable: true,
    description:
      'The request, by the id that its answer carried as `X-Request-Id` and that the log names it by; null for the OPERATOR, ' +
      'and for a PROVIDER whose messages are fetched.',
  })
  readonly requestId!: string | null;

  @Field(() => ID, {
    nullable: true,
    description: 'With the actor PROVIDER: which one, by its id in the providers file; else null.',
  })
  readonly providerId!: string | null;

  @Field(() => ID, { description: 'The message that was written.' })
  readonly messageId!: number;

  @Field(() => Int, { description: 'The `version` of the message after it was written.' })
  readonly version!: number;

  @Field(() => [AuditChange], {
    description:
      'With the action CHANGED: every field that is another than before, in the order of Message, but for `version`, `updatedAt` ' +
      'and what is derived. Empty for CREATED and IMPORTED: what a message began with it still holds, or its later changes tell.',
  })
  readonly changes!: readonly AuditChange[];
}

@ObjectType({ description: 'An audit entry in its place in a list.' })
export class AuditEdge {
  @Field(() => String, { description: 'Its place in the list, opaque. Good for `after`, however old it is.' })
  readonly cursor!: string;

  @Field(() => AuditEntryObject, { description: 'The entry.' })
  readonly node!: object;
}

@ObjectType({ description: 'One page of a list of audit entries, as Relay’s connections have it.' })
export class AuditConnection {
  @Field(() => [AuditEdge], { description: 'The entries of the page, each with its cursor.' })
  readonly edges!: readonly AuditEdge[];

  @Field(() => [AuditEntryObject], { description: 'The entries of the page.' })
  readonly nodes!: readonly object[];

  @Field(() => PageInfo, { description: 'Where the page stands in its list.' })
  readonly pageInfo!: PageInfo;

  @Field(() => Int, {
    description: 'How many entries the list has in all. Counted only when it is selected.',
  })
  readonly totalCount!: number;
}
