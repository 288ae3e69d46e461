import {
  Check,
  Column,
  Entity,
  Index,
  JoinColumn,
  ManyToOne,
  OneToOne,
  PrimaryGeneratedColumn,
} from 'typeorm';
import { instantColumn, jsonColumn } from '../platform/database/columns';
import { sameSchedule } from '../schedules/same-schedule.rules';
import { Schedule } from '../schedules/schedule.entity';
import { planChange, type PlannedChange } from './rules/change.rules';
import {
  type JsonObject,
  type MessageChannel,
  type MessageDirection,
  type MessagePatch,
  type MessageState,
  type MessageStatus,
  type MessageType,
} from './message.kinds';
import { labelOf, plainText } from './rules/plain-text.rules';

/** The inbox: what `messages` lists unless asked otherwise. The words must be those of the default filter's SQL. */
const INBOX = `direction = 'INCOMING' and status <> 'ARCHIVED'`;

/** Reading HTML is work, and a message may be asked for its text under twenty names and for its label as well. */
const readTexts = new WeakMap<Message, { readonly message: string; readonly text: string }>();

/**
 * A message, which keeps its own rules: it is composed and changed through its methods alone, and what reaches the
 * store by another way is checked by the same rules (`message.guard.ts`) and, where SQL can say them, by constraints.
 */
@Entity({ name: 'messages' })
@Check('messages_id', `id between 1 and 9007199254740991`)
@Check('messages_parent_first', 'parent_id < id')
@Check('messages_type', `type in ('REPORT', 'REVISION', 'COMMENT', 'ALERT')`)
@Check(
  'messages_status',
  `(direction = 'INCOMING' and status in ('RECEIVED', 'ARCHIVED')) or (direction = 'OUTGOING' and ` +
    `status in ('PENDING', 'SENT', 'EXPIRED', 'CANCELLED', 'FAILED', 'ARCHIVED'))`,
)
@Check(
  'messages_sent_at',
  `direction = 'INCOMING' or status = 'ARCHIVED' or (status = 'SENT') = (sent_at is not null)`,
)
@Check('messages_schedule', `schedule_id is null or (direction = 'OUTGOING' and send_at is null)`)
@Index('messages_inbox_by_created', ['createdAt', 'id', 'type', 'channels', 'dataFeedId', 'dataProviderId'], {
  where: INBOX,
})
@Index('messages_inbox_by_updated', ['updatedAt', 'id'], { where: INBOX })
@Index('messages_by_created', ['createdAt', 'id', 'direction'])
@Index('messages_by_updated', ['updatedAt', 'id', 'direction'])
@Index('messages_by_status', ['status', 'createdAt', 'id', 'direction'])
@Index('messages_by_parent', ['parentId', 'createdAt', 'id'])
@Index('messages_by_contact', ['contactId', 'createdAt', 'id'])
@Index('messages_by_post', ['postId', 'createdAt', 'id'])
@Index('messages_by_data_feed', ['dataFeedId', 'createdAt', 'id'])
@Index('messages_by_data_provider', ['dataProviderId', 'createdAt', 'id'])
@Index('messages_by_send_at', ['sendAt', 'id'], { where: 'send_at is not null' })
@Index('messages_by_sent_at', ['sentAt', 'id'], { where: 'sent_at is not null' })
@Index('messages_provider_key', ['dataProviderId', 'dataProviderMessageId'], {
  unique: true,
  where: 'data_provider_id is not null and data_provider_message_id is not null',
})
export class Message implements MessageState {
  @PrimaryGeneratedColumn({ type: 'integer' })
  readonly id!: number;

  @Column({ type: 'integer' })
  readonly version!: number;

  @Column({ type: 'text' })
  readonly direction!: MessageDirection;

  @Column({ type: 'text' })
  readonly status!: MessageStatus;

  @Column({ type: 'text' })
  readonly type!: MessageType;

  @Column({ type: 'text', nullable: true })
  readonly title!: string | null;

  @Column({ type: 'text' })
  readonly message!: string;

  @Column(jsonColumn)
  readonly channels!: readonly MessageChannel[];

  @Column({ ...jsonColumn, name: 'recipient_ids' })
  readonly recipientIds!: readonly string[];

  @ManyToOne(() => Message, { nullable: true, onDelete: 'RESTRICT' })
  @JoinColumn({ name: 'parent_id', foreignKeyConstraintName: 'messages_parent' })
  readonly parent?: Message | null;

  @Column({ type: 'integer', name: 'parent_id', nullable: true })
  readonly parentId!: number | null;

  @Column({ type: 'text', name: 'contact_id', nullable: true })
  readonly contactId!: string | null;

  @Column({ type: 'text', name: 'post_id', nullable: true })
  readonly postId!: string | null;

  @Column({ type: 'text', name: 'data_feed_id', nullable: true })
  readonly dataFeedId!: string | null;

  @Column({ type: 'text', name: 'data_provider_id', nullable: true })
  readonly dataProviderId!: string | null;

  @Column({ type: 'text', name: 'data_provider_message_id', nullable: true })
  readonly dataProviderMessageId!: string | null;

  @Column({ ...jsonColumn, name: 'additional_data', nullable: true })
  readonly additionalData!: JsonObject | null;

  @OneToOne(() => Schedule, { nullable: true, cascade: ['insert'], onDelete: 'RESTRICT' })
  @JoinColumn({ name: 'schedule_id', foreignKeyConstraintName: 'messages_schedule_id' })
  readonly schedule!: Schedule | null;

  @Column({ type: 'integer', name: 'schedule_id', nullable: true })
  readonly scheduleId!: number | null;

  @Column({ ...instantColumn, name: 'send_at', nullable: true })
  readonly sendAt!: Date | null;

  @Column({ ...instantColumn, name: 'sent_at', nullable: true })
  readonly sentAt!: Date | null;

  @Column({ ...instantColumn, name: 'created_at' })
  readonly createdAt!: Date;

  @Column({ ...instantColumn, name: 'updated_at' })
  readonly updatedAt!: Date;

  /** Title and text with their case folded, for `q`. Last, so that reading a row's other columns does not read it. */
  @Column({ type: 'text', name: 'search_text', select: false })
  readonly searchText!: string;

  /** A new message, not yet stored, of a state that the rules have passed. */
  static of(state: MessageState, id?: number): Message {
    const message = new Message();
    if (id !== undefined) Object.assign(message, { id });
    message.take(state);
    return message;
  }

  /** The message as plain text: tags gone, entities decoded. */
  get text(): string {
    const read = readTexts.get(this);
    if (read?.message === this.message) return read.text;
    const text = plainText(this.message);
    readTexts.set(this, { message: this.message, text });
    return text;
  }

  /** A short human name. */
  get label(): string {
    return labelOf(this);
  }

  get repeats(): boolean {
    return (this.schedule as Schedule | null | undefined) ? true : this.scheduleId !== null;
  }

  /**
   * Applies a patch if the rules let it happen as a whole; with objections the message stays as it is.
   * The message must have been read with its schedule.
   */
  change(patch: MessagePatch, now: Date): PlannedChange {
    const plan = planChange(this, patch, now);
    if (plan.changes.length > 0) {
      this.take(plan.values);
      this.take({ version: this.version + 1, updatedAt: now });
    }
    return plan;
  }

  moveTo(status: MessageStatus, now: Date): PlannedChange {
    return this.change({ status }, now);
  }

  private take({ schedule, ...values }: Partial<MessageState>): void {
    Object.assign(this, values);
    if (schedule !== undefined) Object.assign(this, this.scheduled(schedule));
  }

  private scheduled(rule: MessageState['schedule']): object {
    if (rule === null) return { schedule: null, scheduleId: null };
    const stored = this.schedule as Schedule | null | undefined;
    if (stored && sameSchedule(stored, rule)) return {};
    // The new schedule has no id before it is stored; the former one's must not be mistaken for it.
    return { schedule: Schedule.of(rule), scheduleId: undefined };
  }
}
