import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { instantColumn, jsonColumn } from '../database/columns';

/** A write that succeeded under a key of its caller's, kept so that repeating it writes nothing. */
@Entity({ name: 'idempotency_keys' })
@Index('idempotency_keys_by_created', ['createdAt'])
export class IdempotencyKey {
  /** Whose key it is: two callers may choose the same one. */
  @PrimaryColumn({ type: 'text' })
  readonly owner!: string;

  @PrimaryColumn({ type: 'text' })
  readonly key!: string;

  @Column({ type: 'text' })
  readonly operation!: string;

  /** SHA-256 of the input, in hexadecimal: enough to know it again, and no second copy of the messages. */
  @Column({ type: 'text', name: 'input_hash' })
  readonly inputHash!: string;

  @Column(jsonColumn)
  readonly outcome!: unknown;

  @Column({ ...instantColumn, name: 'created_at' })
  readonly createdAt!: Date;
}
