import { ArgsType, Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import {
  Column,
  CreateDateColumn,
  Entity,
  Index,
  PrimaryGeneratedColumn,
  UpdateDateColumn,
  VersionColumn,
} from 'typeorm';

export enum MessageDirection {
  INCOMING = 'INCOMING',
  OUTGOING = 'OUTGOING',
}
registerEnumType(MessageDirection, { name: 'MessageDirection' });

export enum MessageStatus {
  PENDING = 'PENDING',
  SENT = 'SENT',
  RECEIVED = 'RECEIVED',
  EXPIRED = 'EXPIRED',
  CANCELLED = 'CANCELLED',
  FAILED = 'FAILED',
  ARCHIVED = 'ARCHIVED',
}
registerEnumType(MessageStatus, { name: 'MessageStatus' });

/** Table and GraphQL type in one class, as the documents of both libraries show it. */
@ObjectType()
@Entity('messages')
@Index(['createdAt', 'id'], { where: `direction = 'INCOMING' and status <> 'ARCHIVED'` })
@Index(['parentId'])
export class Message {
  @Field(() => ID)
  @PrimaryGeneratedColumn()
  id!: number;

  @Field(() => Int)
  @VersionColumn()
  version!: number;

  @Field(() => MessageDirection)
  @Column({ type: 'text' })
  direction!: MessageDirection;

  @Field(() => MessageStatus)
  @Column({ type: 'text' })
  status!: MessageStatus;

  @Field(() => String)
  @Column({ type: 'text' })
  type!: string;

  @Field(() => String, { nullable: true })
  @Column({ type: 'text', nullable: true })
  title!: string | null;

  @Field(() => String)
  @Column({ type: 'text' })
  message!: string;

  @Field(() => [String])
  @Column({ type: 'simple-json' })
  channels!: string[];

  @Field(() => [ID])
  @Column({ type: 'simple-json' })
  recipientIds!: string[];

  @Field(() => ID, { nullable: true })
  @Column({ type: 'integer', nullable: true })
  parentId!: number | null;

  @Field(() => ID, { nullable: true })
  @Column({ type: 'text', nullable: true })
  contactId!: string | null;

  @Field(() => ID, { nullable: true })
  @Column({ type: 'text', nullable: true })
  postId!: string | null;

  @Field(() => ID, { nullable: true })
  @Column({ type: 'text', nullable: true })
  dataFeedId!: string | null;

  @Field(() => ID, { nullable: true })
  @Column({ type: 'text', nullable: true })
  dataProviderId!: string | null;

  @Field(() => String, { nullable: true })
  @Column({ type: 'text', nullable: true })
  dataProviderMessageId!: string | null;

  @Column({ type: 'simple-json', nullable: true })
  additionalData!: object | null;

  @Field(() => Date, { nullable: true })
  @Column({ type: 'datetime', nullable: true })
  sendAt!: Date | null;

  @Field(() => Date, { nullable: true })
  @Column({ type: 'datetime', nullable: true })
  sentAt!: Date | null;

  @Field(() => Date)
  @CreateDateColumn()
  createdAt!: Date;

  @Field(() => Date)
  @UpdateDateColumn()
  updatedAt!: Date;
}

@InputType()
export class MessageFilter {
  @Field(() => String, { nullable: true })
  q?: string;
}

@ArgsType()
export class PageArguments {
  @Field(() => MessageFilter, { nullable: true })
  filter?: MessageFilter;

  @Field(() => Int, { nullable: true })
  first?: number;

  @Field(() => String, { nullable: true })
  after?: string;

  @Field(() => Int, { nullable: true })
  last?: number;

  @Field(() => Int, { nullable: true })
  offset?: number;
}

@InputType()
export class CreateMessageInput {
  @Field(() => String)
  message!: string;

  @Field(() => String, { nullable: true })
  title?: string;

  @Field(() => String, { defaultValue: 'ALERT' })
  type!: string;

  @Field(() => [String])
  channels!: string[];

  @Field(() => [ID], { defaultValue: [] })
  recipientIds!: string[];
}

@ObjectType()
export class PageInfo {
  @Field(() => Boolean)
  hasNextPage!: boolean;

  @Field(() => Boolean)
  hasPreviousPage!: boolean;

  @Field(() => String, { nullable: true })
  endCursor!: string | null;
}

@ObjectType()
export class MessageConnection {
  @Field(() => [Message])
  nodes!: Message[];

  @Field(() => PageInfo)
  pageInfo!: PageInfo;
}

@ObjectType()
export class MessagePayload {
  @Field(() => Message)
  message!: Message;
}

@ObjectType()
export class BatchMessageResult {
  @Field(() => Int)
  index!: number;

  @Field(() => Boolean)
  applied!: boolean;

  @Field(() => Message, { nullable: true })
  message!: Message | null;
}

@ObjectType()
export class BatchMessagesPayload {
  @Field(() => [BatchMessageResult])
  results!: BatchMessageResult[];

  @Field(() => Int)
  succeeded!: number;
}
