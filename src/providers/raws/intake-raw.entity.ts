import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

/** The request that a message came by, where something of it was mended away; kept for good. */
@Entity({ name: 'intake_raws' })
@Check('intake_raws_request', '(request is not null) = (held_by = message_id)')
export class IntakeRaw {
  @PrimaryColumn({ type: 'integer', name: 'message_id' })
  readonly messageId!: number;

  @Column({ type: 'text', name: 'provider_id' })
  readonly providerId!: string;

  /** The message whose row holds the request: one request may bring hundreds. */
  @Column({ type: 'integer', name: 'held_by' })
  readonly heldBy!: number;

  /** Sealed; null where another row holds it. */
  @Column({ type: 'text', nullable: true, select: false })
  readonly request!: string | null;

  /** Which key it is encrypted under; null where it is not. */
  @Column({ type: 'text', name: 'key_id', nullable: true })
  readonly keyId!: string | null;
}
