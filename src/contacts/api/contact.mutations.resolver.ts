import { Args, Ctx, Mutation, Resolver } from 'type-graphql';
import { RequiresScope } from '../../auth/access';
import { type ContactState } from '../contact.kinds';
import {
  CreateContactArguments,
  MergeContactsArguments,
  UnmergeContactsArguments,
  UpdateContactArguments,
} from './contact.arguments';
import { type ContactContext } from './contact.resolver';
import { ContactPayload } from './contact.types';

/** Writing contacts. */
@Resolver()
export class ContactMutationsResolver {
  @Mutation(() => ContactPayload, {
    description:
      'Creates a contact. Whoever sends a message through a data provider becomes one without it. Refused with BAD_USER_INPUT, ' +
      'and with CONFLICT where a contact of this type has the address: `extensions.contactId` names it. Needs the scope ' +
      '`contacts:write`.',
  })
  @RequiresScope('contacts:write')
  createContact(
    @Args(() => CreateContactArguments) { input, idempotencyKey }: CreateContactArguments,
    @Ctx() context: ContactContext,
  ): Promise<ContactPayload> {
    const key =
      typeof idempotencyKey === 'string' ? { owner: context.viewer.key, key: idempotencyKey } : undefined;
    return written(context, context.contacts.create(input, key));
  }

  @Mutation(() => ContactPayload, {
    description:
      'Changes a contact. Refused with NOT_FOUND, BAD_USER_INPUT, and with CONFLICT where another contact of the type has the ' +
      'address: `extensions.contactId` names it. Needs the scope `contacts:write`.',
  })
  @RequiresScope('contacts:write')
  updateContact(
    @Args(() => UpdateContactArguments) { id, input }: UpdateContactArguments,
    @Ctx() context: ContactContext,
  ): Promise<ContactPayload> {
    return written(context, context.contacts.update(id, input));
  }

  @Mutation(() => ContactPayload, {
    description:
      'Makes two contacts one: `from`, with all that is merged into it, is shown as `into`, whose messages are those of both. ' +
      'Messages keep their `contactId`. What is merged already into the same contact stays so. At most 100 contacts are one. ' +
      'Refused with NOT_FOUND; with BAD_USER_INPUT where `from` is merged into a third contact, or `into` into `from`. Answers ' +
      'with the contact that stands for all. Needs the scope `contacts:write`.',
  })
  @RequiresScope('contacts:write')
  mergeContacts(
    @Args(() => MergeContactsArguments) { from, into }: MergeContactsArguments,
    @Ctx() context: ContactContext,
  ): Promise<ContactPayload> {
    return written(context, context.contacts.merge(from, into));
  }

  @Mutation(() => ContactPayload, {
    description:
      'Takes `from`, with all that is merged into it, out of `into` again. Refused with NOT_FOUND, and with BAD_USER_INPUT where ' +
      'it is not merged into it. Answers with `from`. Needs the scope `contacts:write`.',
  })
  @RequiresScope('contacts:write')
  unmergeContacts(
    @Args(() => UnmergeContactsArguments) { from, into }: UnmergeContactsArguments,
    @Ctx() context: ContactContext,
  ): Promise<ContactPayload> {
    return written(context, context.contacts.unmerge(from, into));
  }
}

async function written(
  { contactLoaders }: ContactContext,
  writing: Promise<ContactState>,
): Promise<ContactPayload> {
  const contact = await writing;
  contactLoaders.forget();
  return { contact };
}
