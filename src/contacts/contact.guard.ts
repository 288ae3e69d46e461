import {
  type EntityManager,
  type EntitySubscriberInterface,
  type InsertEvent,
  Not,
  type UpdateEvent,
} from 'typeorm';
import { type Clock } from '../platform/clock';
import { badUserInput, Refusal } from '../platform/errors';
import { textIssue } from '../platform/text.rules';
import { EMPTY_CONTACT, isSameContent, MAX_ID_LENGTH, planContact } from './contact.content.rules';
import { Contact } from './contact.entity';
import { type ContactState } from './contact.kinds';
import { contactSearchText } from './contact.rules';

/**
 * Keeps the rules of contacts against whoever saves or removes them through TypeORM itself: contents are checked and cleaned,
 * the key goes with type and address, and a merge is left to those who look at the whole group.
 */
export class ContactGuard implements EntitySubscriberInterface<Contact> {
  constructor(private readonly clock: Clock) {}

  listenTo(): typeof Contact {
    return Contact;
  }

  async beforeInsert({ entity, manager }: InsertEvent<Contact>): Promise<void> {
    // TypeORM has read the id by now: one that was made here would not be stored.
    const { id = '', mergedInto = null } = entity as Partial<Contact>;
    const { content, issues } = planContact({ ...EMPTY_CONTACT, type: null }, entity);
    const idIssue = textIssue(id, { max: MAX_ID_LENGTH, multiline: false });
    const all = [...(idIssue === null ? [] : [{ path: ['id'], message: idIssue }]), ...issues];
    if (all.length > 0) throw badUserInput(all);
    requireUnmerged(mergedInto, null);
    // TypeORM does not tell an upsert from an insert.
    if (await manager.existsBy(Contact, { id }))
      throw new Refusal('CONFLICT', 'The contact is there already.');
    const now = this.clock.now();
    const { createdAt = now, updatedAt = createdAt } = entity as Partial<Contact>;
    await save(entity, manager, { id, ...content, mergedInto, createdAt, updatedAt });
  }

  async beforeUpdate({ entity, databaseEntity, manager }: UpdateEvent<Contact>): Promise<void> {
    const before = databaseEntity as Contact | undefined;
    if (entity === undefined || before === undefined) {
      throw new Refusal(
        'BAD_USER_INPUT',
        'A contact is changed through its entity, not by an update of rows.',
      );
    }
    const { content, issues } = planContact(before, entity);
    if (issues.length > 0) throw badUserInput(issues);
    const { mergedInto = before.mergedInto } = entity as Partial<Contact>;
    requireUnmerged(mergedInto, before.mergedInto);
    const updatedAt = isSameContent(before, content) ? before.updatedAt : this.clock.now();
    const { id, createdAt } = before;
    await save(entity, manager, { id, ...content, mergedInto, createdAt, updatedAt });
  }

  beforeRemove(): void {
    throw new Refusal('BAD_USER_INPUT', 'A contact is never deleted.');
  }

  beforeSoftRemove(): void {
    this.beforeRemove();
  }
}

async function save(entity: object, manager: EntityManager, contact: ContactState): Promise<void> {
  const { id, type, key } = contact;
  if (key !== null && (await manager.existsBy(Contact, { id: Not(id), type, key }))) {
    throw new Refusal('CONFLICT', 'Another contact has this type and address.');
  }
  Object.assign(entity, contact, { searchText: contactSearchText(contact) });
}

function requireUnmerged(after: string | null, before: string | null): void {
  if (after === before) return;
  throw badUserInput([
    { path: ['mergedInto'], message: 'is not set by a save: mergeContacts and unmergeContacts do that' },
  ]);
}
