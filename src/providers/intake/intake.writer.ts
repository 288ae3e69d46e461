import { createHash } from 'node:crypto';
import { type Logger } from 'pino';
import { record } from '../../audit/audit.store';
import { type ContactStore } from '../../contacts/contact.store';
import { Message } from '../../messages/message.entity';
import { type MessageStore } from '../../messages/message.store';
import { type Query } from '../../platform/database/query';
import { type UnitOfWork } from '../../platform/database/unit-of-work';
import { MAX_ADDITIONAL_DATA_BYTES } from '../../messages/rules/content.rules';
import { type RawStore } from '../raws/raw.store';
import { type MendedDelivery } from '../rules/mending.rules';
import { type Arrival } from './arrival';
import { type KeptRoom } from './kept-room';

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
    private readonly room: KeptRoom,
    private readonly log: Logger,
  ) {}

  /** @returns what became of each, in their order. */
  async store(
    unit: UnitOfWork,
    arrival: Arrival,
    given: readonly MendedDelivery[],
    now: Date,
  ): Promise<readonly WrittenDelivery[]> {
    const { provider } = arrival;
    const deliveries = await this.toldApart(unit, arrival, given);
    const fate: Fate = { known: new Map(), stored: [] };
    // Everything that two requests may both want is taken before anything is stored, and in one order: of two that meet one
    // waits, and never both. What stands in several parts would otherwise be taken in the order of the parts.
    await takeTurns(unit, provider.id, deliveries.map(idOf));
    await this.find(
      unit.query,
      provider.id,
      deliveries.flatMap(delivery => [idOf(delivery), ...delivery.inReplyTo]),
      fate,
    );
    const unmarked = freshOf(deliveries, fate.known);
    const isKept = await this.hasRoom(unit.query, arrival, unmarked);
    const fresh = isKept ? unmarked : unmarked.map(truncated);
    const contactIds = await this.contacts.findOrCreate(
      unit,
      fresh.map(({ sender }) => sender),
      now,
    );
    const contactOf = new Map(fresh.map((delivery, index) => [delivery, contactIds[index] ?? null]));
    for (const part of partsOf(fresh)) {
      const messages = part.map(delivery => messageOf(delivery, contactOf.get(delivery) ?? null, fate, now));
      await this.storePart(unit.query, provider.id, messages, fate);
    }
    await recordNew(unit, arrival, fate, now);
    const written = writtenOf(deliveries, fate);
    const lossy = written.filter(
      ({ kind }, index) => kind === 'stored' && deliveries[index]?.isLossy === true,
    );
    if (!isKept || lossy.length === 0) return written;
    await this.raws.keep(
      unit.query,
      lossy.map(({ messageId }) => messageId),
      { providerId: provider.id, request: requestOf(arrival), secrets: provider.secrets },
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

  /** Whether the request can be kept beside those of its messages that were mended. */
  private async hasRoom(query: Query, arrival: Arrival, fresh: readonly MendedDelivery[]): Promise<boolean> {
    if (!fresh.some(({ isLossy }) => isLossy)) return true;
    const { provider } = arrival;
    const bytes = requestOf(arrival).body.length * RAW_FACTOR;
    const hasRoom = await this.room.takeForRaw(query, provider.id, bytes);
    if (!hasRoom)
      this.log.warn({ provider: provider.id }, 'a request is not kept beside its messages: there is no room');
    return hasRoom;
  }

  private async storePart(
    query: Query,
    providerId: string,
    messages: readonly Message[],
    fate: Fate,
  ): Promise<void> {
    const stored = await this.messages.insertNew(query, messages);
    for (const message of stored) {
      fate.known.set(message.dataProviderMessageId ?? '', message.id);
      fate.stored.push(message);
    }
    // Who stored the others meanwhile was waited for: only a new statement sees them.
    const ids = messages.map(({ dataProviderMessageId }) => dataProviderMessageId ?? '');
    await this.find(query, providerId, ids, fate);
  }

  private async find(
    query: Query,
    providerId: string,
    ids: readonly string[],
    { known }: Fate,
  ): Promise<void> {
    const sought = [...new Set(ids)].filter(id => !known.has(id));
    const found = await this.messages.findIdsOfProvider(providerId, sought, query);
    for (const [id, messageId] of found) known.set(id, messageId);
  }
}

/** Bytes in the store for one of a body: in base64, and once more where it is sealed. */
const RAW_FACTOR = 16 / 9;

/** What has become of a request so far. */
interface Fate {
  /** The messages that are in the store, by their provider's ids. */
  readonly known: Map<string, number>;
  /** Those of them that this request has brought. */
  readonly stored: Message[];
}

/**
 * The locks that ids of messages share. One for each id would be 500 for a request, and a server of PostgreSQL has room for
 * some thousands in all; of one provider, large requests wait for each other at its count anyway.
 */
const LOCKS = 32;

/**
 * Waits for the other requests that bring messages of these ids. One message alone needs no turn: it takes its contact, then
 * its id, and nobody who waits for the one has the other.
 */
async function takeTurns(
  { query, dialect }: UnitOfWork,
  providerId: string,
  ids: readonly string[],
): Promise<void> {
  if (dialect.takeTurns === null || new Set(ids).size < 2) return;
  const names = new Set(ids.map(id => `intake ${providerId} ${lockOf(id)}`));
  await query(dialect.takeTurns, [JSON.stringify([...names].sort())]);
}

function lockOf(id: string): number {
  return createHash('sha256').update(id).digest().readUInt32BE() % LOCKS;
}

/** Those that the store has not; of two copies the first. */
function freshOf(
  deliveries: readonly MendedDelivery[],
  known: ReadonlyMap<string, number>,
): readonly MendedDelivery[] {
  const firsts = new Map([...deliveries].reverse().map(each => [idOf(each), each]));
  return deliveries.filter(each => !known.has(idOf(each)) && firsts.get(idOf(each)) === each);
}

/** A mended message whose request is not kept says that there was more, unless it is full itself. */
function truncated(delivery: MendedDelivery): MendedDelivery {
  const { state, isLossy } = delivery;
  const additionalData = { ...state.additionalData, truncated: true };
  if (!isLossy || Buffer.byteLength(JSON.stringify(additionalData)) > MAX_ADDITIONAL_DATA_BYTES)
    return delivery;
  return { ...delivery, state: { ...state, additionalData } };
}

function messageOf(
  { state, inReplyTo }: MendedDelivery,
  contactId: string | null,
  { known }: Fate,
  now: Date,
): Message {
  const parentId = inReplyTo.map(id => known.get(id)).find(id => id !== undefined) ?? null;
  return Message.of({ ...state, contactId, parentId, createdAt: now, updatedAt: now });
}

async function recordNew(unit: UnitOfWork, { by }: Arrival, { stored }: Fate, at: Date): Promise<void> {
  if (stored.length === 0) return;
  const written = stored.map(({ id, version }) => ({ messageId: id, version, changes: [] }));
  await record(unit, by, { action: 'CREATED', at, written });
}

function writtenOf(
  deliveries: readonly MendedDelivery[],
  { known, stored }: Fate,
): readonly WrittenDelivery[] {
  const added = new Set(stored.map(({ id }) => id));
  return deliveries.map(delivery => {
    const messageId = known.get(idOf(delivery));
    if (messageId === undefined) throw new Error('A delivery is neither new nor there.');
    // Of two copies in one request the first is the new one.
    return { kind: added.delete(messageId) ? 'stored' : 'known', messageId };
  });
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

/** What is kept beside a mended message. */
function requestOf({ abridged, request }: Arrival): Arrival['request'] {
  return abridged?.() ?? request;
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
