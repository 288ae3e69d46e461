import { Column, Entity, PrimaryColumn } from 'typeorm';
import { instantColumn } from '../../platform/database/columns';

/** What has come by a data provider, since its id was first in use; all gateways add to it. */
@Entity({ name: 'provider_counters' })
export class ProviderCounter {
  @PrimaryColumn({ type: 'text', name: 'provider_id' })
  readonly providerId!: string;

  /** Messages that were stored. */
  @Column({ type: 'integer' })
  readonly received!: number;

  /** Messages that came again. */
  @Column({ type: 'integer' })
  readonly duplicates!: number;

  /** Requests without proof. */
  @Column({ type: 'integer' })
  readonly refused!: number;

  @Column({ ...instantColumn, name: 'last_received_at', nullable: true })
  readonly lastReceivedAt!: Date | null;
}
