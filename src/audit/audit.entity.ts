import { Check, Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';
import { instantColumn, jsonColumn } from '../platform/database/columns';
import { type AuditAction, type AuditActor, type FieldChange } from './audit.kinds';

/**
 * That somebody wrote a message: who, when, and from what to what. Written with the message in one transaction, and
 * never again: triggers in the store refuse to change an entry, to remove it or to put another in its place.
 */
@Entity({ name: 'audit_entries' })
@Check('audit_entries_action', `action in ('CREATED', 'CHANGED', 'IMPORTED')`)
@Check(
  'audit_entries_actor',
  `(actor = 'TOKEN' and token_id is not null and request_id is not null and provider_id is null) or ` +
    `(actor in ('ADMIN', 'ANONYMOUS') and token_id is null and request_id is not null and provider_id is null) or ` +
    `(actor = 'OPERATOR' and token_id is null and request_id is null and provider_id is null) or ` +
    `(actor = 'PROVIDER' and token_id is null and provider_id is not null)`,
)
@Index('audit_entries_by_time', ['at'])
@Index('audit_entries_by_message', ['messageId'])
@Index('audit_entries_by_token', ['tokenId', 'at'], { where: 'token_id is not null' })
@Index('audit_entries_by_request', ['requestId'], { where: 'request_id is not null' })
export class AuditEntry {
  @PrimaryGeneratedColumn({ type: 'integer' })
  readonly id!: number;

  @Column(instantColumn)
  readonly at!: Date;

  @Column({ type: 'text' })
  readonly action!: AuditAction;

  @Column({ type: 'text' })
  readonly actor!: AuditActor;

  @Column({ type: 'integer', name: 'token_id', nullable: true })
  readonly tokenId!: number | null;

  @Column({ type: 'text', name: 'request_id', nullable: true })
  readonly requestId!: string | null;

  @Column({ type: 'integer', name: 'message_id' })
  readonly messageId!: number;

  /** Of the message, after it was written. */
  @Column({ type: 'integer' })
  readonly version!: number;

  @Column(jsonColumn)
  readonly changes!: readonly FieldChange[];

  @Column({ type: 'text', name: 'provider_id', nullable: true })
  readonly providerId!: string | null;
}
