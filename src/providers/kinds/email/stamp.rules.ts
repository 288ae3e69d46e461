import { z } from 'zod';
import { type FetchedMail } from './email.kinds';

/**
 * What the server has said of a mail stands in a line above it, as mail servers add theirs: so the bytes alone say all
 * that is read from them, now or when they are read again.
 */
const stamp = z
  .object({
    receivedAt: z.iso
      .datetime()
      .nullable()
      .transform(text => (text === null ? null : new Date(text))),
    /** Bytes of the whole mail. */
    size: z.number(),
    /** Null of a whole mail; of one that is cut, the files that were left with the server. */
    leftOut: z
      .array(
        z.object({
          name: z.string().nullable(),
          contentType: z.string().nullable(),
          size: z.number().nullable(),
          contentId: z.string().nullable(),
          mark: z.string().nullable(),
        }),
      )
      .nullable(),
  })
  .readonly();

export type Stamp = z.infer<typeof stamp>;

const FIELD = 'X-Heliograph-Fetched: ';

/** The mail with the line above it. */
export function stamped({ head, leftOut, source }: FetchedMail): Buffer {
  const said = JSON.stringify({ receivedAt: head.receivedAt, size: head.size, leftOut });
  return Buffer.concat([Buffer.from(`${FIELD}${Buffer.from(said).toString('base64')}\r\n`), source]);
}

/** The line and the mail below it; without the line, the mail alone. A sender who writes such a field stands below ours. */
export function unstamped(raw: Buffer): { readonly stamp: Stamp | null; readonly source: Buffer } {
  const end = raw.indexOf('\r\n');
  if (end < 0 || raw.subarray(0, FIELD.length).toString('latin1') !== FIELD)
    return { stamp: null, source: raw };
  const said = stamp.safeParse(jsonOf(raw.subarray(FIELD.length, end).toString('latin1')));
  return said.success ? { stamp: said.data, source: raw.subarray(end + 2) } : { stamp: null, source: raw };
}

function jsonOf(base64: string): unknown {
  try {
    return JSON.parse(Buffer.from(base64, 'base64').toString());
  } catch {
    return null;
  }
}
