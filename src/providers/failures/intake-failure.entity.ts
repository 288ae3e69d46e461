import { Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';
import { instantColumn } from '../../platform/database/columns';

/** A request with right proof that could not be read, or not be stored, kept until it can be or its time is over. */
@Entity({ name: 'intake_failures' })
@Index('intake_failures_digest', ['providerId', 'digest'], { unique: true })
@Index('intake_failures_by_last', ['lastAt'])
export class IntakeFailure {
  @PrimaryGeneratedColumn({ type: 'integer' })
  readonly id!: number;

  @Column({ type: 'text', name: 'provider_id' })
  readonly providerId!: string;

  @Column({ ...instantColumn, name: 'received_at' })
  readonly receivedAt!: Date;

  /** When the same came last. */
  @Column({ ...instantColumn, name: 'last_at' })
  readonly lastAt!: Date;

  @Column({ type: 'integer' })
  readonly times!: number;

  @Column({ type: 'text' })
  readonly reason!: string;

  /** Of the body. */
  @Column({ type: 'integer' })
  readonly bytes!: number;

  /** By which the same request is known again. */
  @Column({ type: 'text' })
  readonly digest!: string;

  /** Sealed; it may be long, so that lists leave it out. */
  @Column({ type: 'text', select: false })
  readonly request!: string;

  /** Which key it is encrypted under; null where it is not. */
  @Column({ type: 'text', name: 'key_id', nullable: true })
  readonly keyId!: string | null;

  /** When all of it had been stored after all. */
  @Column({ ...instantColumn, name: 'resolved_at', nullable: true })
  readonly resolvedAt!: Date | null;

  get encrypted(): boolean {
    return this.keyId !== null;
  }
}
