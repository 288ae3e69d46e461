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
