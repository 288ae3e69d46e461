import { createHash } from 'node:crypto';
import { z } from 'zod';
import { BEGINNINGS } from './email.position.rules';

const MIB = 1024 * 1024;

/** 25 MB is what most mail servers take at most; a larger mail is read in part. */
const DEFAULT_MAX_BYTES = 25 * MIB;

/** What the providers file says of a mailbox; the password is the provider's secret. */
export const emailOptions = z
  .strictObject({
    host: z.string().min(1).max(255),
    /** By default that of the service: 993 with TLS from the start, else 143. */
    port: z.int().min(1).max(65_535).optional(),
    /** `true`: TLS from the start; `starttls`: from the first command on; `false`: none, where it is said to be insecure. */
    tls: z.union([z.boolean(), z.literal('starttls')]).default(true),
    /** A PEM file with the certificates to trust instead of those that Node.js trusts. */
    ca: z.string().min(1).max(4096).optional(),
    /** Takes any certificate, also that of somebody in between. */
    tlsInsecure: z.boolean().default(false),
    user: z.string().min(1).max(320),
    mailbox: z.string().min(1).max(200).default('INBOX'),
    /** The address that its mails were sent to; by default what each mail says. */
    address: z.string().min(3).max(320).includes('@').optional(),
    from: z.enum(BEGINNINGS).default('unseen'),
    /** Marks what is stored as read. Otherwise nothing in the mailbox changes. */
    markSeen: z.boolean().default(false),
    maxBytes: z
      .int()
      .min(64 * 1024)
      .max(100 * MIB)
      .default(DEFAULT_MAX_BYTES),
    /** How often to look without being told: the rule where the server has no IDLE, a safety net where it has. */
    lookEverySeconds: z.int().min(10).max(1500).default(120),
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
