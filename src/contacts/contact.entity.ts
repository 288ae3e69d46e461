import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { booleanColumn, instantColumn } from '../platform/database/columns';
import { type ContactState, type ContactType } from './contact.kinds';

/** Lists leave out what is merged into another contact. */
const LISTED = 'merged_into is null';

/**
 * Somebody on the other side of messages. There is no foreign key on `merged_into`: a copy stores contacts in the order of
 * their ids, which are drawn by lot. A trigger refuses to merge into what is not there, and nobody deletes a contact.
 */
@Entity({ name: 'contacts' })
@Check('contacts_id', 'length(id) between 1 and 64')
@Check('contacts_type', `type in ('PHONE', 'EMAIL', 'WHATSAPP', 'TELEGRAM', 'DISCORD', 'OTHER')`)
@Check('contacts_address', '(address is null) = ("key" is null)')
@Check('contacts_can_notify', 'can_notify in (0, 1)')
@Check('contacts_merged', 'merged_into <> id')
@Index('contacts_by_created', ['createdAt', 'id'], { where: LISTED })
@Index('contacts_by_updated', ['updatedAt', 'id'], { where: LISTED })
@Index('contacts_by_address', ['address'], { where: 'address is not null' })
@Index('contacts_by_user', ['userId'], { where: 'user_id is not null' })
@Index('contacts_by_merge', ['mergedInto'], { where: 'merged_into is not null' })
// The key first: it is also looked up without a type.
@Index('contacts_key', ['key', 'type'], { unique: true, where: '"key" is not null' })
export class Contact implements ContactState {
  @PrimaryColumn({ type: 'text' })
  readonly id!: string;

  @Column({ type: 'text' })
  readonly type!: ContactType;

  @Column({ type: 'text', nullable: true })
  readonly address!: string | null;

  @Column({ type: 'text', nullable: true })
  readonly key!: string | null;

  @Column({ type: 'text', nullable: true })
  readonly name!: string | null;

  @Column({ type: 'text', name: 'user_id', nullable: true })
  readonly userId!: string | null;

  @Column({ ...booleanColumn, name: 'can_notify' })
  readonly canNotify!: boolean;

  @Column({ type: 'text', name: 'data_provider_id', nullable: true })
  readonly dataProviderId!: string | null;

  @Column({ type: 'text', name: 'merged_into', nullable: true })
  readonly mergedInto!: string | null;

  @Column({ ...instantColumn, name: 'created_at' })
  readonly createdAt!: Date;

  @Column({ ...instantColumn, name: 'updated_at' })
  readonly updatedAt!: Date;

  /** Name and address with their case folded, for `q`. */
  @Column({ type: 'text', name: 'search_text', select: false })
  readonly searchText!: string;
}
