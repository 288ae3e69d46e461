import { createHash } from 'node:crypto';
import { z } from 'zod';
import { BEGINNINGS } from './email.position.rules';

const MIB = 1024 * 1024;

/** 25 MB is what most mail servers take at most; a larger mail is read in part. */
const DEFAULT_MAX_BYTES = 25 * MIB;

const text = (max: number) =>
  z
    .string({ error: 'must be a text' })
    .min(1, { error: 'must not be empty' })
    .max(max, { error: `must have at most ${max} characters` });

/** A variable of the environment is a text. */
const whole = (min: number, max: number) => {
  const error = `must be a whole number from ${min} to ${max}`;
  return z.coerce.number({ error }).int({ error }).min(min, { error }).max(max, { error });
};
const flag = z.union([z.boolean(), z.enum(['true', 'false']).transform(value => value === 'true')], {
  error: 'must be true or false',
});

/** What the providers file says of a mailbox; the password is the provider's secret. */
export const emailOptions = z
  .strictObject({
    host: text(255),
    /** By default that of the service: 993 with TLS from the start, else 143. */
    port: whole(1, 65_535).optional(),
    /** `true`: TLS from the start; `starttls`: before the login; `false`: none. */
    tls: z.union([flag, z.literal('starttls')], { error: 'must be true, starttls or false' }).default(true),
    /** A PEM file with the certificates to trust instead of those that Node.js trusts. */
    ca: text(4096).optional(),
    /** Takes any certificate, also that of somebody in between. */
    tlsInsecure: flag.default(false),
    insecure: z.literal(true).optional(),
    user: text(320),
    mailbox: text(200).default('INBOX'),
    /** The address that its mails were sent to; by default what each mail says. */
    address: text(320).includes('@', { error: 'must be a mail address' }).optional(),
    from: z.enum(BEGINNINGS, { error: `must be one of ${BEGINNINGS.join(', ')}` }).default('unseen'),
    /** Marks what is stored as read. Otherwise nothing in the mailbox changes. */
    markSeen: flag.default(false),
    maxBytes: whole(64 * 1024, 100 * MIB).default(DEFAULT_MAX_BYTES),
    /** How often to look without being told: the rule where the server has no IDLE, a safety net where it has. */
    lookEverySeconds: whole(10, 1500).default(120),
  })
  .refine(({ tls, insecure }) => tls !== false || insecure === true, {
    path: ['tls'],
    error: 'must not be false unless the provider says "insecure: true": who listens would read the password',
  })
  .refine(({ tlsInsecure, insecure }) => !tlsInsecure || insecure === true, {
    path: ['tlsInsecure'],
    error: 'needs "insecure: true" beside it: who stands in between would read the password',
  })
  .readonly();

export type EmailOptions = z.infer<typeof emailOptions>;

/**
 * Under which name the position in this mailbox is kept. Another user has another mailbox, and UIDVALIDITY alone does not
 * tell them apart: some services give every mailbox the same. The name holds no address.
 */
export function placeOf({ user, mailbox }: EmailOptions): string {
  const owner = createHash('sha256').update(user).digest('hex').slice(0, 16);
  // The one mailbox whose name knows no case.
  return `${owner}/${mailbox.toUpperCase() === 'INBOX' ? 'INBOX' : mailbox}`;
}
