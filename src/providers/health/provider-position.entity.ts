import { Column, Entity, PrimaryColumn } from 'typeorm';

/** How far a mailbox has been read; written with what was read there. */
@Entity({ name: 'provider_positions' })
export class ProviderPosition {
  @PrimaryColumn({ type: 'text', name: 'provider_id' })
  readonly providerId!: string;

  @PrimaryColumn({ type: 'text' })
  readonly place!: string;

  @Column({ type: 'text' })
  readonly position!: string;
}
