/** By what kind of address a contact is reached. */
export const CONTACT_TYPES = ['PHONE', 'EMAIL', 'WHATSAPP', 'TELEGRAM', 'DISCORD', 'OTHER'] as const;
export type ContactType = (typeof CONTACT_TYPES)[number];

/** Somebody who has sent a message, as a service tells of them. */
export interface Sender {
  readonly type: ContactType;
  /** As it was given; never blank. */
  readonly address: string;
  readonly name: string | null;
  readonly dataProviderId: string;
  /** ISO 3166 country for a number without its own; null for none. */
  readonly region: string | null;
}

/** A whole contact as a plain value. */
export interface ContactState {
  readonly id: string;
  readonly type: ContactType;
  /** As it was given; null where it is not known, or there is none. */
  readonly address: string | null;
  /** What the address comes to (`contactKey`): with the type it tells contacts apart. Null without an address. */
  readonly key: string | null;
  readonly name: string | null;
  readonly userId: string | null;
  /** Whether the contact may be written to without having asked. */
  readonly canNotify: boolean;
  /** The provider by which the contact was first heard of. */
  readonly dataProviderId: string | null;
  /** The contact that this one is the same person as, and is shown as; null for one that stands for itself. */
  readonly mergedInto: string | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}
