import { Field, ID, Int, ObjectType } from 'type-graphql';
import { PageInfo } from '../../platform/graphql/page-info.types';
import { DateTime } from '../../platform/graphql/scalars';
import { type ContactType } from '../contact.kinds';
import { ContactTypeEnum } from './contact.enums';

/** How a contact looks in GraphQL; the entity `Contact` answers its plain fields. */
@ObjectType('Contact', {
  simpleResolvers: true,
  description:
    'Somebody on the other side of messages: a person, or an address that sends. Contacts that turned out to be the same ' +
    'person can be merged, and are shown as one. Contacts are never deleted.',
})
export class ContactObject {
  @Field(() => ID, { description: 'A text of 1 to 64 characters. It never changes and is never used again.' })
  readonly id!: string;

  @Field(() => ContactTypeEnum, { description: 'By what kind of address it is reached.' })
  readonly type!: ContactType;

  @Field(() => String, {
    nullable: true,
    description:
      'The address as it was first given, at most 320 characters; null where none is known. However it is written, a type ' +
      'and an address are those of one contact.',
  })
  readonly address!: string | null;

  @Field(() => String, { nullable: true, description: 'The name, at most 255 characters; null for none.' })
  readonly name!: string | null;

  @Field(() => ID, { nullable: true, description: 'The user of the organisation who it is; null for none.' })
  readonly userId!: string | null;

  @Field(() => Boolean, { description: 'Whether it may be written to without having asked.' })
  readonly canNotify!: boolean;

  @Field(() => ID, {
    nullable: true,
    description: 'The data provider by which it was first heard of; null where it came by none.',
  })
  readonly dataProviderId!: string | null;

  @Field(() => DateTime, { description: 'When it was first heard of, or made. Never changes.' })
  readonly createdAt!: Date;

  @Field(() => DateTime, { description: 'When it last changed, merges of its own included.' })
  readonly updatedAt!: Date;
}

@ObjectType({ description: 'A contact in its place in a list.' })
export class ContactEdge {
  @Field(() => String, {
    description:
      'Its place in the list, opaque. Good for `after` and `before` under the same order, however old it is.',
  })
  readonly cursor!: string;

  @Field(() => ContactObject, { description: 'The contact.' })
  readonly node!: object;
}

@ObjectType({ description: 'One page of a list of contacts, as Relay’s connections have it.' })
export class ContactConnection {
  @Field(() => [ContactEdge], { description: 'The contacts of the page, each with its cursor.' })
  readonly edges!: readonly ContactEdge[];

  @Field(() => [ContactObject], { description: 'The contacts of the page.' })
  readonly nodes!: readonly object[];

  @Field(() => PageInfo, { description: 'Where the page stands in its list.' })
  readonly pageInfo!: PageInfo;

  @Field(() => Int, {
    description: 'How many contacts the filter matches in all. Counted only when it is selected.',
  })
  readonly totalCount!: number;
}

@ObjectType({ description: 'What became of a contact.' })
export class ContactPayload {
  @Field(() => ContactObject, { description: 'The contact as it stands in the store afterwards.' })
  readonly contact!: object;
}
