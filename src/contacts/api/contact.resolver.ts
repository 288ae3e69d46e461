import { Arg, Args, Ctx, Extensions, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql';
import { RequiresScope } from '../../auth/access';
import { type Viewer } from '../../auth/viewer';
import { type Connection } from '../../platform/database/page';
import { type Contact } from '../contact.entity';
import { type ContactLoaders } from '../contact.loader';
import { type ContactPages } from '../contact.pages';
import { MAX_GROUP_SIZE } from '../contact.rules';
import { type ContactService } from '../contact.service';
import { ContactListArguments } from './contact.arguments';
import { ContactConnection, ContactObject } from './contact.types';

/** What the contact resolvers need from a request. */
export interface ContactContext {
  readonly viewer: Viewer;
  readonly contacts: ContactService;
  readonly contactPages: ContactPages;
  /** Made anew for each request. */
  readonly contactLoaders: ContactLoaders;
}

/** Reading contacts, and what is merged. */
@Resolver(() => ContactObject)
export class ContactResolver {
  @Query(() => ContactObject, {
    nullable: true,
    description:
      'One contact by its id; of one that is merged, the contact that it is merged into. Null where there is none. Needs the ' +
      'scope `contacts:read`.',
  })
  @RequiresScope('contacts:read')
  contact(
    @Arg('id', () => ID, { description: 'Its id.' }) id: string,
    @Ctx() { contactLoaders }: ContactContext,
  ): Promise<Contact | null> {
    return contactLoaders.shown.load(id);
  }

  @Query(() => ContactConnection, {
    description:
      'A page of contacts: of those that the filter matches, in the order asked for. Those merged into another are left out. ' +
      'Needs the scope `contacts:read`.',
  })
  @RequiresScope('contacts:read')
  contacts(
    @Args(() => ContactListArguments) args: ContactListArguments,
    @Ctx() { contactPages }: ContactContext,
  ): Connection<Contact> {
    return contactPages.list(args);
  }

  @FieldResolver(() => ID, {
    nullable: true,
    description:
      'The contact that it is merged into; null for one that stands for itself, as those of lists do.',
  })
  mergedIntoId(@Root() contact: Contact): string | null {
    return contact.mergedInto;
  }

  @FieldResolver(() => [ContactObject], {
    description:
      'The contacts that are merged into this one, directly or not, in the order of ids: at most 99. Empty for one that is ' +
      'merged itself. Needs the scope `contacts:read`.',
  })
  @RequiresScope('contacts:read')
  @Extensions({ entries: MAX_GROUP_SIZE - 1 })
  mergedContacts(
    @Root() contact: Contact,
    @Ctx() { contactLoaders }: ContactContext,
  ): Promise<readonly Contact[]> | readonly Contact[] {
    return contact.mergedInto === null ? contactLoaders.merged.load(contact.id) : [];
  }
}
