import { randomUUID } from 'node:crypto';
import { type Clock } from '../platform/clock';
import { type Database } from '../platform/database/database';
import { type UnitOfWork } from '../platform/database/unit-of-work';
import { badUserInput, type Issue, Refusal } from '../platform/errors';
import { type CallerKey, keyedWrite } from '../platform/idempotency/caller-key';
import { type Idempotency } from '../platform/idempotency/idempotency';
import { EMPTY_CONTACT, type GivenContact, isSameContent, planContact } from './contact.content.rules';
import { type ContactState } from './contact.kinds';
import { type ContactMerges } from './contact.merges';
import { MAX_GROUP_SIZE } from './contact.rules';
import { type ContactStore } from './contact.store';

/** Writing contacts: every method is one transaction, and throws a Refusal where the rules say no. */
export class ContactService {
  constructor(
    private readonly database: Database,
    private readonly contacts: ContactStore,
    private readonly merges: ContactMerges,
    private readonly clock: Clock,
    private readonly idempotency: Idempotency,
  ) {}

  /** @throws Refusal BAD_USER_INPUT; CONFLICT where a contact has this address, with its `contactId`. */
  async create(given: GivenContact, key?: CallerKey): Promise<ContactState> {
    if (key === undefined) return this.database.write(unit => this.createIn(unit, given));
    return this.idempotency.once(
      keyedWrite(key, 'createContact', given),
      async unit => {
        const contact = await this.createIn(unit, given);
        return { result: contact, outcome: { id: contact.id } };
      },
      (unit, { id }: { id: string }) => this.required(unit, id),
    );
  }

  /** @throws Refusal NOT_FOUND, BAD_USER_INPUT; CONFLICT where another contact has this address, with its `contactId`. */
  async update(id: string, given: GivenContact): Promise<ContactState> {
    return this.database.write(async unit => {
      const before = await this.required(unit, id);
      const { content, issues } = planContact(before, given);
      if (issues.length > 0) throw inputRefusal(issues);
      if (isSameContent(before, content)) return before;
      const after = { ...before, ...content, updatedAt: this.clock.now() };
      if (after.key !== before.key || after.type !== before.type) await this.requireFree(unit, after);
      await this.contacts.update(unit.query, after);
      return after;
    });
  }

  /**
   * Makes two contacts one, which is shown as `into`, or as what that is merged into.
   * @throws Refusal NOT_FOUND, BAD_USER_INPUT.
   */
  async merge(from: string, into: string): Promise<ContactState> {
    if (from === into) throw badUserInput([{ path: ['into'], message: 'must be another contact than from' }]);
    return this.database.write(async unit => {
      const root = await this.lockedRoot(unit, from, into);
      const source = await this.required(unit, from, 'from');
      await this.required(unit, into, 'into');
      const groups = await this.merges.groupsOf([from, into], unit.query);
      const [ours = [], theirs = []] = [groups.get(from), groups.get(into)];
      if (source.mergedInto !== null) {
        if (ours.includes(into)) return this.required(unit, root);
        throw badUserInput([{ path: ['from'], message: 'is merged into another contact; unmerge it first' }]);
      }
      if (ours.includes(into)) throw badUserInput([{ path: ['into'], message: 'is merged into from' }]);
      if (ours.length + theirs.length > MAX_GROUP_SIZE) {
        throw badUserInput([
          { path: ['from'], message: `would make more than ${MAX_GROUP_SIZE} contacts one` },
        ]);
      }
      await this.contacts.update(unit.query, { ...source, mergedInto: into, updatedAt: this.clock.now() });
      return this.required(unit, root);
    });
  }

  /**
   * Takes a contact, with what is merged into it, out of one that it is merged into, directly or not.
   * @throws Refusal NOT_FOUND, BAD_USER_INPUT.
   */
  async unmerge(from: string, into: string): Promise<ContactState> {
    return this.database.write(async unit => {
      const contact = await this.required(unit, from, 'from');
      await this.required(unit, into, 'into');
      if (!(await this.merges.wayUpFrom(from, unit.query)).has(into)) {
        throw badUserInput([{ path: ['from'], message: 'is not merged into this contact' }]);
      }
      const after = { ...contact, mergedInto: null, updatedAt: this.clock.now() };
      await this.contacts.update(unit.query, after);
      return after;
    });
  }

  private async createIn(unit: UnitOfWork, given: GivenContact): Promise<ContactState> {
    const { content, issues } = planContact({ ...EMPTY_CONTACT, type: null }, given);
    if (issues.length > 0) throw inputRefusal(issues);
    const now = this.clock.now();
    const contact = { id: randomUUID(), ...content, mergedInto: null, createdAt: now, updatedAt: now };
    await this.requireFree(unit, contact);
    await this.contacts.insert(unit.query, [contact]);
    // Another transaction may have been quicker.
    await this.requireFree(unit, contact);
    return contact;
  }

  private async requireFree({ query }: UnitOfWork, { id, type, key }: ContactState): Promise<void> {
    const owner = key === null ? null : await this.contacts.ownerOf(query, type, key);
    if (owner === null || owner === id) return;
    throw new Refusal('CONFLICT', 'Another contact has this type and address.', { contactId: owner });
  }

  /** A contact that nobody else changes until the transaction ends. */
  private async required({ query }: UnitOfWork, id: string, argument?: string): Promise<ContactState> {
    const contact = (await this.contacts.findToChange(query, [id])).get(id);
    if (contact !== undefined) return contact;
    const which = argument === undefined ? 'with this id' : `with the id of ${argument}`;
    throw new Refusal('NOT_FOUND', `There is no contact ${which}.`);
  }

  /**
   * What stands for a contact, not to be merged by anybody else until the transaction ends: two merges at once, each into a
   * contact of the other's, would make a circle.
   */
  private async lockedRoot({ query }: UnitOfWork, from: string, into: string): Promise<string> {
    const rootNow = async (): Promise<string> => (await this.merges.rootsOf([into], query)).get(into) ?? into;
    let root = await rootNow();
    for (;;) {
      await this.contacts.findToChange(query, [from, into, root]);
      // While it was waited for, something on the way up may have been merged elsewhere, or taken out.
      const now = await rootNow();
      if (now === root) return root;
      root = now;
    }
  }
}

function inputRefusal(issues: readonly Issue[]): Refusal {
  return badUserInput(issues.map(({ path, message }) => ({ path: ['input', ...path], message })));
}
