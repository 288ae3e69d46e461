import { Field, ID, Int, ObjectType } from 'type-graphql';
import { MessageChannelEnum } from '../../messages/api/message.enums';
import { type MessageChannel } from '../../messages/message.kinds';
import { PageInfo } from '../../platform/graphql/page-info.types';
import { DateTime } from '../../platform/graphql/scalars';
import { type DataProvider } from '../health/provider.health';

@ObjectType('DataProvider', {
  description:
    'A service by which messages come in, as the providers file of the gateway sets it up, with what has come by it so far. ' +
    'Its secrets are never shown. Counts are those of all gateways of a store together; duplicates and refusals come up to a second late.',
})
export class DataProviderObject implements DataProvider {
  @Field(() => ID, {
    description: 'What messages have as `dataProviderId`, and its address `/providers/ID` ends in.',
  })
  readonly id!: string;

  @Field(() => String, { description: 'How its service talks, such as `generic`.' })
  readonly kind!: string;

  @Field(() => String, { description: 'A name for people.' })
  readonly name!: string;

  @Field(() => MessageChannelEnum, { description: 'The channel of its messages.' })
  readonly channel!: MessageChannel;

  @Field(() => Boolean, {
    description: 'Whether it takes messages; where it does not, it is as if it were not there.',
  })
  readonly enabled!: boolean;

  @Field(() => DateTime, { nullable: true, description: 'When a message came last that was new.' })
  readonly lastReceivedAt!: Date | null;

  @Field(() => Int, { description: 'How many messages it has brought. 2147483647 stands for any more.' })
  readonly received!: number;

  @Field(() => Int, { description: 'How many messages it has brought again; none of them was stored twice.' })
  readonly duplicates!: number;

  @Field(() => Int, {
    description: 'How many requests were refused, because nothing proved that they were the service’s own.',
  })
  readonly refused!: number;
}

/** How a failure looks in GraphQL; the entity of the same name answers its fields. */
@ObjectType('IntakeFailure', {
  description:
    'A request of a data provider, or a mail, that could not be read or not be stored, with right proof. It is kept, and ' +
    '`heliograph intake replay` runs it again. What it holds is shown by `heliograph intake show` alone.',
})
export class IntakeFailureObject {
  @Field(() => ID, { description: 'A decimal whole number, as text.' })
  readonly id!: number;

  @Field(() => ID, { description: 'The data provider that it came by.' })
  readonly providerId!: string;

  @Field(() => DateTime, { description: 'When it came first.' })
  readonly receivedAt!: Date;

  @Field(() => DateTime, {
    description: 'When the same came last. So many days later as INTAKE_RETENTION_DAYS says, it goes.',
  })
  readonly lastAt!: Date;

  @Field(() => Int, { description: 'How often the same has come.' })
  readonly times!: number;

  @Field(() => String, {
    description: 'Why it could not be taken: a field and what is wrong with it, never its value.',
  })
  readonly reason!: string;

  @Field(() => Int, { description: 'The length of its body, in bytes.' })
  readonly bytes!: number;

  @Field(() => Boolean, {
    description: 'Whether it lies in the store encrypted, under the INTAKE_KEY of that time.',
  })
  readonly encrypted!: boolean;

  @Field(() => DateTime, {
    nullable: true,
    description: 'When all of it had been stored after all; null until then.',
  })
  readonly resolvedAt!: Date | null;
}

@ObjectType({ description: 'A failure in its place in a list.' })
export class IntakeFailureEdge {
  @Field(() => String, { description: 'Its place in the list, opaque.' })
  readonly cursor!: string;

  @Field(() => IntakeFailureObject, { description: 'The failure.' })
  readonly node!: object;
}

@ObjectType({ description: 'One page of a list of failures, as Relay’s connections have it.' })
export class IntakeFailureConnection {
  @Field(() => [IntakeFailureEdge], { description: 'The failures of the page, each with its cursor.' })
  readonly edges!: readonly IntakeFailureEdge[];

  @Field(() => [IntakeFailureObject], { description: 'The failures of the page.' })
  readonly nodes!: readonly object[];

  @Field(() => PageInfo, { description: 'Where the page stands in its list.' })
  readonly pageInfo!: PageInfo;

  @Field(() => Int, {
    description: 'How many failures the list has in all. Counted only when it is selected.',
  })
  readonly totalCount!: number;
}
