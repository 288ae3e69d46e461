import { ArgsType, Field, ID, InputType } from 'type-graphql';
import { type SortDirection } from '../../platform/database/sort-directions';
import { KEY_OPTIONS } from '../../platform/graphql/idempotency-key';
import { declarePage } from '../../platform/graphql/page.arguments';
import { SortDirectionEnum } from '../../platform/graphql/sort-direction.enum';
import { type GivenContact } from '../contact.content.rules';
import { type ContactFilter } from '../contact.filter';
import { type ContactType } from '../contact.kinds';
import { type ContactOrder, type ContactOrderField } from '../contact.order';
import { ContactOrderFieldEnum, ContactTypeEnum } from './contact.enums';

const ANY_OF = 'any of these; 1 to 500 of them';

@InputType('ContactFilter', {
  description:
    'Which contacts to list. Fields are joined by AND, the values of one list by OR; a null value is as if it were left out. ' +
    'Contacts that are merged into another are never listed: `address` and `userId` find the one that stands for them, the other ' +
    'fields look only at what is listed.',
})
export class ContactFilterInput implements ContactFilter {
  @Field(() => String, {
    nullable: true,
    description:
      'Name or address holds this text, whatever the case of its letters. Taken literally, no character has a special meaning. ' +
      '1 to 1,000 characters, not blank.',
  })
  readonly q?: string | null;

  @Field(() => [ContactTypeEnum], { nullable: true, description: `Its type is ${ANY_OF}.` })
  readonly type?: ContactType[] | null;

  @Field(() => [String], {
    nullable: true,
    description:
      `Its address, or that of a contact merged into it, is ${ANY_OF}: as it was given, or written in another way that means the same. Write numbers with their ` +
      'country (`+254 700 000 001`): without it only the very text is found.',
  })
  readonly address?: string[] | null;

  @Field(() => [ID], {
    nullable: true,
    description: `It, or a contact merged into it, is the user of ${ANY_OF}.`,
  })
  readonly userId?: string[] | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether it may be written to without having asked.' })
  readonly canNotify?: boolean | null;

  @Field(() => [ID], { nullable: true, description: `Was first heard of by ${ANY_OF}.` })
  readonly dataProviderId?: string[] | null;
}

@InputType('ContactOrder', { description: 'The order of a list of contacts.' })
export class ContactOrderInput implements ContactOrder {
  @Field(() => ContactOrderFieldEnum, { defaultValue: 'CREATED_AT', description: 'What to order by.' })
  readonly field!: ContactOrderField;

  @Field(() => SortDirectionEnum, { defaultValue: 'DESC', description: 'Which end comes first.' })
  readonly direction!: SortDirection;
}

@ArgsType()
export class ContactListArguments {
  @Field(() => ContactFilterInput, {
    nullable: true,
    description: 'Which contacts; without it, all of them.',
  })
  readonly filter?: ContactFilterInput | null;

  @Field(() => ContactOrderInput, {
    nullable: true,
    description: 'In which order; without it, the newest first.',
  })
  readonly orderBy?: ContactOrderInput | null;

  readonly first?: number | null;
  readonly after?: string | null;
  readonly last?: number | null;
  readonly before?: string | null;
  readonly offset?: number | null;
}
declarePage(ContactListArguments);

@InputType({ description: 'A new contact.' })
export class CreateContactInput implements GivenContact {
  @Field(() => ContactTypeEnum, { description: 'By what kind of address it is reached.' })
  readonly type!: ContactType;

  @Field(() => String, {
    nullable: true,
    description:
      'The address, 1 to 320 characters, not blank; null for none. Write numbers with their country (`+254 700 000 001`), so ' +
      'that their messages find the contact. One that another contact of this type has is refused (CONFLICT).',
  })
  readonly address?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'The name, 1 to 255 characters, not blank; null for none.',
  })
  readonly name?: string | null;

  @Field(() => ID, {
    nullable: true,
    description: 'The user of the organisation who it is, at most 64 characters; null for none.',
  })
  readonly userId?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether it may be written to without having asked; true where it is left out, not null.',
  })
  readonly canNotify?: boolean | null;

  @Field(() => ID, {
    nullable: true,
    description: 'The data provider that it belongs to, at most 64 characters; null for none.',
  })
  readonly dataProviderId?: string | null;
}

@InputType({
  description: 'What to change. A field left out stays as it is; null clears one that may be empty.',
})
export class UpdateContactInput implements GivenContact {
  @Field(() => ContactTypeEnum, {
    nullable: true,
    description: 'By what kind of address it is reached; not null.',
  })
  readonly type?: ContactType | null;

  @Field(() => String, {
    nullable: true,
    description:
      'The address, 1 to 320 characters, not blank; null for none. One that another contact of the type has is refused (CONFLICT).',
  })
  readonly address?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'The name, 1 to 255 characters, not blank; null for none.',
  })
  readonly name?: string | null;

  @Field(() => ID, {
    nullable: true,
    description: 'The user who it is, at most 64 characters; null for none.',
  })
  readonly userId?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether it may be written to without having asked; not null.',
  })
  readonly canNotify?: boolean | null;

  @Field(() => ID, {
    nullable: true,
    description: 'The data provider, at most 64 characters; null for none.',
  })
  readonly dataProviderId?: string | null;
}

@ArgsType()
export class CreateContactArguments {
  @Field(() => CreateContactInput, { description: 'The contact.' })
  readonly input!: CreateContactInput;

  @Field(() => String, KEY_OPTIONS)
  readonly idempotencyKey?: string | null;
}

@ArgsType()
export class UpdateContactArguments {
  @Field(() => ID, { description: 'The contact to change: itself, also where it is merged into another.' })
  readonly id!: string;

  @Field(() => UpdateContactInput, { description: 'What to change.' })
  readonly input!: UpdateContactInput;
}

@ArgsType()
export class MergeContactsArguments {
  @Field(() => ID, {
    description: 'The contact that is the same as another; with it go those merged into it.',
  })
  readonly from!: string;

  @Field(() => ID, { description: 'The contact that it is shown as from then on.' })
  readonly into!: string;
}

@ArgsType()
export class UnmergeContactsArguments {
  @Field(() => ID, {
    description: 'The contact to be shown as itself again; with it go those merged into it.',
  })
  readonly from!: string;

  @Field(() => ID, { description: 'A contact that it is merged into, directly or not.' })
  readonly into!: string;
}
