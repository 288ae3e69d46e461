import { type Database } from '../platform/database/database';
import { type JsonRow, type JsonShape, readJsonRows } from '../platform/database/json-rows';
import { type Query, type SqlValue } from '../platform/database/query';
import { type Table } from '../platform/database/table';
import { Schedule } from '../schedules/schedule.entity';
import { type MessageProperty } from './lists/asked-properties';
import { Message } from './message.entity';
import { type MessageState } from './message.kinds';
import { searchTextOf } from './rules/search.rules';

/** A message as a plain value, with the id that it has in the store. */
export interface StoredState extends MessageState {
  readonly id: number;
}

/** Messages as rows: finding them by id, storing new ones, writing changed ones. Lists are in `message.pages.ts`. */
export class MessageStore {
  private readonly table: Table<Message>;
  private readonly schedules: Table<Schedule>;

  constructor(private readonly database: Database) {
    this.table = database.table(Message);
    this.schedules = database.table(Schedule);
  }

  /** The messages that exist among these ids, without their schedules. */
  async findByIds(
    ids: readonly number[],
    query: Query = this.database.read,
  ): Promise<ReadonlyMap<number, Message>> {
    const { sql, parameters } = this.database.dialect.among('id', ids);
    const messages = await this.table.select(query, `from messages where ${sql}`, parameters);
    return new Map(messages.map(message => [message.id, message]));
  }

  /** A message that exists under this id, as JSON. */
  async findText(id: number, shape: JsonShape): Promise<JsonRow | undefined> {
    const [found] = await this.selectTexts(shape, [], 'from messages where id = ?', [id]);
    return found;
  }

  /**
   * Messages without their schedules, in the order of their rows.
   * @param tail what stands behind the columns: `from …`.
   * @param properties the ones to read; the messages lack the others.
   */
  async select(
    tail: string,
    parameters: readonly SqlValue[],
    properties?: ReadonlySet<MessageProperty>,
  ): Promise<readonly Message[]> {
    return this.table.select(this.database.read, tail, parameters, properties);
  }

  /** The same as JSON, each with the cells of some columns beside it. */
  async selectTexts(
    shape: JsonShape,
    beside: readonly string[],
    tail: string,
    parameters: readonly SqlValue[],
  ): Promise<readonly JsonRow[]> {
    return readJsonRows(this.database.read, this.database.dialect, shape, beside, tail, parameters);
  }

  async findSchedules(
    ids: readonly number[],
    query: Query = this.database.read,
  ): Promise<ReadonlyMap<number, Schedule>> {
    const { sql, parameters } = this.database.dialect.among('id', ids);
    const schedules = await this.schedules.select(query, `from schedules where ${sql}`, parameters);
    return new Map(schedules.map(schedule => [schedule.id, schedule]));
  }

  /** The messages that exist among these ids, whole. */
  async findWhole(ids: readonly number[], query: Query): Promise<ReadonlyMap<number, Message>> {
    return this.selectWhole(ids, query, '');
  }

  /**
   * The messages that exist among these ids, and nobody else's to change until the transaction ends.
   * @param properties the ones to read; the whole messages unless it is known what their change looks at.
   */
  async findToChange(
    ids: readonly number[],
    query: Query,
    properties?: ReadonlySet<string>,
  ): Promise<ReadonlyMap<number, Message>> {
    // In the order of ids, so that of two writes of the same messages one waits for the other, and never both.
    return this.selectWhole(ids, query, `order by id ${this.database.dialect.forUpdate}`, properties);
  }

  /** The messages that exist under these pairs of `dataProviderId` and `dataProviderMessageId`, whole. */
  async findByProviderKeys(
    keys: readonly (readonly [string, string])[],
    query: Query,
  ): Promise<readonly Message[]> {
    const { dialect } = this.database;
    const [provider, message] = [dialect.cell('given', 0, 'text'), dialect.cell('given', 1, 'text')];
    return this.readWhole(
      query,
      `from ${dialect.list('given')} cross join messages
        where data_provider_id = ${provider}
          and ${dialect.keyOf('data_provider_message_id')} = ${dialect.keyOf(message)}`,
      [JSON.stringify(keys)],
    );
  }

  /** The ids of the messages that exist under these ids of one provider. */
  async findIdsOfProvider(
    dataProviderId: string,
    messageIds: readonly string[],
    query: Query,
  ): Promise<ReadonlyMap<string, number>> {
    if (messageIds.length === 0) return new Map();
    const { dialect } = this.database;
    const rows = await query<{ id: number; key: string }>(
      `select messages.id as "id", data_provider_message_id as "key" from ${dialect.list('given')} cross join messages
        where data_provider_id = ${dialect.parameter('text')}
          and ${dialect.keyOf('data_provider_message_id')} = ${dialect.keyOf(dialect.item('given', 'text'))}`,
      [JSON.stringify(messageIds), dataProviderId],
    );
    return new Map(rows.map(({ id, key }) => [key, id]));
  }

  /** The first `limit` messages with an id beyond `after`, none beyond `last`, whole and in the order of their ids. */
  async findInOrder(range: { after: number; last: number; limit: number }): Promise<readonly Message[]> {
    // The end is not for the engine: PostgreSQL, before it has statistics, takes few rows to lie between two ids, and would
    // fetch and sort all of them for each part of an export.
    const tail = 'from messages where id > ? order by id limit ?';
    const messages = await this.readWhole(this.database.read, tail, [range.after, range.limit]);
    return messages.filter(({ id }) => id <= range.last);
  }

  /** How many messages there are, and the greatest id among them, 0 where there are none. */
  async extent(): Promise<{ readonly count: number; readonly lastId: number }> {
    const [row] = await this.database.read<{ count: number; lastId: number | null }>(
      'select count(*) as "count", max(id) as "lastId" from messages',
    );
    return { count: row?.count ?? 0, lastId: row?.lastId ?? 0 };
  }

  /** The greatest id that was ever given to a message, 0 before the first; new ids lie beyond it. */
  async lastGivenId(query: Query): Promise<number> {
    const { dialect } = this.database;
    if (dialect.lockForIds !== null) await query(dialect.lockForIds('messages'));
    const [row] = await query<{ id: number | null }>(dialect.lastId('messages'));
    return row?.id ?? 0;
  }

  /** Stores new messages with their schedules; ids ascend in the order given. */
  async insert(query: Query, messages: readonly Message[]): Promise<void> {
    await this.insertSchedules(query, messages);
    messages.forEach(addSearchText);
    const ids = await this.table.insert(query, messages);
    messages.forEach((message, index) => Object.assign(message, { id: ids[index] }));
  }

  /**
   * Stores new messages of one provider, without schedules, but for those that the store has under the provider's own id.
   * @returns those that are new; they have their ids then.
   */
  async insertNew(query: Query, messages: readonly Message[]): Promise<readonly Message[]> {
    messages.forEach(addSearchText);
    const ids = await this.table.insertNew(query, messages, 'data_provider_message_id');
    return messages.filter(message => {
      const id = ids.get(message.dataProviderMessageId ?? '');
      if (id !== undefined) Object.assign(message, { id });
      return id !== undefined;
    });
  }

  /** Stores new messages that bring their ids, with their schedules: in the given order, and up to some thousands. */
  async load(query: Query, messages: readonly StoredState[]): Promise<void> {
    const rules = messages.flatMap(({ schedule }) => (schedule === null ? [] : [Schedule.of(schedule)]));
    const inserting = this.schedules.insert(query, rules);
    const rows = messages.map(message => ({
      ...message,
      scheduleId: null as number | undefined | null,
      searchText: searchTextOf(message.title, message.message),
    }));
    const scheduled = rows.filter(({ schedule }) => schedule !== null);
    const scheduleIds = await inserting;
    scheduled.forEach((row, index) => (row.scheduleId = scheduleIds[index]));
    await this.table.load(query, rows);
  }

  /**
   * Writes changed messages over the versions that they were changed from.
   * @param fields what has changed in any of them, as the record calls it.
   * @returns how many were written; stored ones that have moved on meanwhile were left alone.
   */
  async update(query: Query, messages: readonly Message[], fields: ReadonlySet<string>): Promise<number> {
    await this.insertSchedules(query, messages);
    const properties = new Set(['version', 'updatedAt', ...[...fields].flatMap(propertiesOf)]);
    if (properties.has('searchText')) messages.forEach(addSearchText);
    return this.table.update(query, messages, properties);
  }

  /**
   * Removes the schedules that messages have had before. They are kept while a process serves, this one or another: a
   * reader that has the message of a moment ago must find its schedule of that moment.
   */
  async removeFormerSchedules(query: Query): Promise<void> {
    await query(
      'delete from schedules where not exists (select 1 from messages where schedule_id = schedules.id)',
    );
  }

  private async selectWhole(
    ids: readonly number[],
    query: Query,
    ending: string,
    properties?: ReadonlySet<string>,
  ): Promise<ReadonlyMap<number, Message>> {
    const { sql, parameters } = this.database.dialect.among('id', ids);
    const tail = `from messages where ${sql} ${ending}`;
    const messages = await this.readWhole(query, tail, parameters, properties);
    return new Map(messages.map(message => [message.id, message]));
  }

  private async readWhole(
    query: Query,
    tail: string,
    parameters: readonly SqlValue[],
    properties?: ReadonlySet<string>,
  ): Promise<readonly Message[]> {
    const messages = await this.table.select(query, tail, parameters, properties);
    await this.addSchedules(messages, query);
    return messages;
  }

  private async addSchedules(messages: readonly Message[], query: Query): Promise<void> {
    const ids = messages.map(message => message.scheduleId).filter(id => id !== null);
    const schedules = ids.length === 0 ? new Map<number, Schedule>() : await this.findSchedules(ids, query);
    for (const message of messages) {
      const schedule = message.scheduleId === null ? null : schedules.get(message.scheduleId);
      Object.assign(message, { schedule });
    }
  }

  private async insertSchedules(query: Query, messages: readonly Message[]): Promise<void> {
    const scheduled = messages.filter(message => message.schedule && !message.scheduleId);
    const ids = await this.schedules.insert(
      query,
      scheduled.map(message => message.schedule as Schedule),
    );
    scheduled.forEach((message, index) => {
      Object.assign(message, { scheduleId: ids[index] });
      Object.assign(message.schedule as Schedule, { id: ids[index] });
    });
  }
}

/** In what a field of a message is stored, where that is not the property of the same name alone. */
const STORED_IN: Readonly<Record<string, readonly string[]>> = {
  title: ['title', 'searchText'],
  message: ['message', 'searchText'],
  schedule: ['scheduleId'],
  repeats: ['scheduleId'],
};

function propertiesOf(field: string): readonly string[] {
  return STORED_IN[field] ?? [field];
}

function addSearchText(message: Message): void {
  Object.assign(message, { searchText: searchTextOf(message.title, message.message) });
}
