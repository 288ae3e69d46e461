import { record } from '../../audit/audit.store';
import { type ContactStore } from '../../contacts/contact.store';
import { Message } from '../../messages/message.entity';
import { type MessageStore } from '../../messages/message.store';
import { type UnitOfWork } from '../../platform/database/unit-of-work';
import { type RawStore } from '../raws/raw.store';
import { type MendedDelivery } from '../rules/mending.rules';
import { type Arrival } from './arrival';

/** What a delivery is in the store. */
export interface WrittenDelivery {
  readonly kind: 'stored' | 'known';
  readonly messageId: number;
}

/** Stores deliveries in a transaction of their caller's: each once, with its contact, its record, and the request where it was mended. */
export class IntakeWriter {
  constructor(
    private readonly messages: MessageStore,
    private readonly contacts: ContactStore,
    private readonly raws: RawStore,
  ) {}

  /** @returns what became of each, in their order. */
  async store(
    unit: UnitOfWork,
    arrival: Arrival,
    given: readonly MendedDelivery[],
    now: Date,
  ): Promise<readonly WrittenDelivery[]> {
    const deliveries = await this.toldApart(unit, arrival, given);
    const known = new Map<string, number>();
    const added = new Set<number>();
    for (const part of partsOf(deliveries)) await this.storePart(unit, arrival, part, now, { known, added });
    const written = deliveries.map(delivery => {
      const messageId = known.get(idOf(delivery));
      if (messageId === undefined) throw new Error('A delivery is neither new nor there.');
      // Of two copies in one request the first is the new one.
      return { kind: added.delete(messageId) ? 'stored' : 'known', messageId } as const;
    });
    const lossy = written.filter(
      ({ kind }, index) => kind === 'stored' && deliveries[index]?.isLossy === true,
    );
    if (lossy.length === 0) return written;
    const { provider } = arrival;
    const request = arrival.abridged?.() ?? arrival.request;
    await this.raws.keep(
      unit.query,
      lossy.map(({ messageId }) => messageId),
      { providerId: provider.id, request, secrets: provider.secrets },
    );
    return written;
  }

  /** Those whose id a message bears that says something else get their other id. */
  private async toldApart(
    { query }: UnitOfWork,
    { provider }: Arrival,
    deliveries: readonly MendedDelivery[],
  ): Promise<readonly MendedDelivery[]> {
    const unsure = deliveries.filter(({ otherId }) => otherId !== null);
    const known = await this.messages.findIdsOfProvider(provider.id, unsure.map(idOf), query);
    if (known.size === 0) return deliveries;
    const messages = await this.messages.findByIds([...known.values()], query);
    return deliveries.map(delivery => {
      const { state, otherId } = delivery;
      const bearer = messages.get(known.get(idOf(delivery)) ?? 0);
      if (otherId === null || bearer === undefined || saysTheSame(bearer, state)) return delivery;
      return { ...delivery, state: { ...state, dataProviderMessageId: otherId } };
    });
  }

  private async storePart(
    unit: UnitOfWork,
    { provider, by }: Arrival,
    deliveries: readonly MendedDelivery[],
    now: Date,
    { known, added }: { readonly known: Map<string, number>; readonly added: Set<number> },
  ): Promise<void> {
    const { query } = unit;
    const find = async (ids: readonly string[]): Promise<void> => {
      const sought = [...new Set(ids)].filter(id => !known.has(id));
      const found = await this.messages.findIdsOfProvider(provider.id, sought, query);
      for (const [id, messageId] of found) known.set(id, messageId);
    };
    await find(deliveries.flatMap(delivery => [idOf(delivery), ...delivery.inReplyTo]));
    const strangers = new Map(
      [...deliveries].reverse().flatMap(each => (known.has(idOf(each)) ? [] : [[idOf(each), each] as const])),
    );
    if (strangers.size === 0) return;
    const fresh = deliveries.filter(each => strangers.get(idOf(each)) === each);
    const contactIds = await this.contacts.findOrCreate(
      unit,
      fresh.map(({ sender }) => sender),
      now,
    );
    const messages = fresh.map(({ state, inReplyTo }, index) => {
      const parentId = inReplyTo.map(id => known.get(id)).find(id => id !== undefined) ?? null;
      const contactId = contactIds[index] ?? null;
      return Message.of({ ...state, contactId, parentId, createdAt: now, updatedAt: now });
    });
    const stored = await this.messages.insertNew(query, messages);
    for (const { id, dataProviderMessageId } of stored) {
      known.set(dataProviderMessageId ?? '', id);
      added.add(id);
    }
    // Who stored the others meanwhile was waited for: only a new statement sees them.
    await find(fresh.map(idOf));
    const written = stored.map(({ id, version }) => ({ messageId: id, version, changes: [] }));
    await record(unit, by, { action: 'CREATED', at: now, written });
  }
}

/** In their order, such that what an earlier one of the request may be the parent of comes in a later part. */
function partsOf(deliveries: readonly MendedDelivery[]): readonly (readonly MendedDelivery[])[] {
  const parts: MendedDelivery[][] = [];
  let ids = new Set<string>();
  for (const delivery of deliveries) {
    if (parts.length === 0 || delivery.inReplyTo.some(id => ids.has(id))) {
      parts.push([]);
      ids = new Set();
    }
    parts.at(-1)?.push(delivery);
    ids.add(idOf(delivery));
  }
  return parts;
}

/** By what never changes of a message that came in; its contact may be given another address. */
function saysTheSame(message: Message, { title, message: text, sentAt }: MendedDelivery['state']): boolean {
  return (
    message.title === title &&
    message.message === text &&
    (message.sentAt?.getTime() ?? null) === (sentAt?.getTime() ?? null)
  );
}

function idOf({ state }: MendedDelivery): string {
  return state.dataProviderMessageId;
}
