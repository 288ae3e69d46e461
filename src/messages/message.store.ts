import { type Database, type Query } from '../platform/database/database';
import { type Row, Table } from '../platform/database/table';
import { Schedule } from '../schedules/schedule.entity';
import { Message } from './message.entity';

/** Messages as rows: finding them by id, storing new ones, writing changed ones. Lists are in `message.pages.ts`. */
export class MessageStore {
  readonly table: Table<Message>;
  private readonly schedules: Table<Schedule>;

  constructor(private readonly database: Database) {
    this.table = new Table(Message, database.metadata(Message));
    this.schedules = new Table(Schedule, database.metadata(Schedule));
  }

  /** The messages that exist among these ids, without their schedules. */
  async findByIds(
    ids: readonly number[],
    query: Query = this.database.read,
  ): Promise<ReadonlyMap<number, Message>> {
    const rows = await query<Row>(
      `select ${this.table.columns} from messages where id in (select value from json_each(?))`,
      [JSON.stringify(ids)],
    );
    return new Map(rows.map(row => this.table.read(row)).map(message => [message.id, message]));
  }

  async findSchedules(
    ids: readonly number[],
    query: Query = this.database.read,
  ): Promise<ReadonlyMap<number, Schedule>> {
    const rows = await query<Row>(
      `select ${this.schedules.columns} from schedules where id in (select value from json_each(?))`,
      [JSON.stringify(ids)],
    );
    return new Map(rows.map(row => this.schedules.read(row)).map(schedule => [schedule.id, schedule]));
  }

  /** The messages that exist among these ids, whole, as they must be to be changed. */
  async findWhole(ids: readonly number[], query: Query): Promise<ReadonlyMap<number, Message>> {
    const messages = await this.findByIds(ids, query);
    const scheduleIds = [...messages.values()].map(message => message.scheduleId).filter(id => id !== null);
    const schedules =
      scheduleIds.length === 0 ? new Map<number, Schedule>() : await this.findSchedules(scheduleIds, query);
    for (const message of messages.values()) {
      Object.assign(message, {
        schedule: message.scheduleId === null ? null : schedules.get(message.scheduleId),
      });
    }
    return messages;
  }

  /** Stores new messages with their schedules; ids ascend in the order given. */
  async insert(query: Query, messages: readonly Message[]): Promise<void> {
    await this.insertSchedules(query, messages);
    const ids = await this.table.insert(query, messages);
    messages.forEach((message, index) => Object.assign(message, { id: ids[index] }));
  }

  /**
   * Writes a changed message over the version that it was changed from.
   * @returns false when the stored one has moved on meanwhile; then nothing was written.
   */
  async update(query: Query, message: Message): Promise<boolean> {
    await this.insertSchedules(query, [message]);
    return this.table.update(query, message);
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
