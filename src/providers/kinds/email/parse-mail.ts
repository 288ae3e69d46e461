import {
  type AddressObject,
  type AttachmentStream,
  type HeaderLines,
  type Headers,
  type HeaderValue,
  MailParser,
  type MessageText,
} from 'mailparser';
import { type Mail, type MailAddress, type MailPart } from './email.kinds';

/** Beyond this, HTML beside plain text is not turned into text: that holds up everything else meanwhile. */
const MAX_HTML_TO_TEXT = 256 * 1024;

/** What MailParser tells of in passing and goes on: only that piece of HTML is missing from the text. */
const IN_PASSING = /^(HTML too long|Failed to parse HTML)/;

/** Reading takes milliseconds; a mail at which the parser waits for ever must not stop the mailbox. */
const PARSE_DEADLINE_MS = 60_000;

/**
 * Reads the MIME of a mail; files are measured and dropped as they come by.
 *
 * @throws whatever the parser stumbles over
 */
export async function parseMail(source: Buffer): Promise<Mail> {
  const found = await collect(source);
  const { headers, content } = found;
  const addresses = (name: string): readonly MailAddress[] => addressesOf(headers.get(name));
  const type = structured(headers.get('content-type'));
  const html = typeof content?.html === 'string' ? content.html : null;
  const contentType = type?.value.toLowerCase() ?? 'text/plain';
  return {
    fields: fieldsOf(found.lines),
    from: addresses('from'),
    sender: addresses('sender'),
    replyTo: addresses('reply-to'),
    to: addresses('to'),
    cc: addresses('cc'),
    subject: subjectOf(headers.get('subject')),
    contentType,
    reportType: contentType === 'multipart/report' ? (type?.params['report-type'] ?? null) : null,
    // Where there is nothing but HTML, the parser makes a text of it; we keep the original.
    text: contentType === 'text/html' ? null : (content?.text ?? null),
    html,
    parts: found.parts.map(partOf),
  };
}

interface Found {
  headers: Headers;
  lines: HeaderLines;
  content: MessageText | null;
  readonly parts: AttachmentStream[];
}

async function collect(source: Buffer): Promise<Found> {
  const found: Found = { headers: new Map(), lines: [], content: null, parts: [] };
  const parser = new MailParser({ skipTextToHtml: true, maxHtmlLengthToParse: MAX_HTML_TO_TEXT });
  let deadline: NodeJS.Timeout | undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      deadline = setTimeout(() => reject(new Error('It could not be read in time.')), PARSE_DEADLINE_MS);
      parser.on('headers', headers => (found.headers = headers));
      parser.on('headerLines', (lines: HeaderLines) => (found.lines = lines));
      parser.on('data', (piece: AttachmentStream | MessageText) => {
        if (piece.type === 'text') found.content = piece;
        else found.parts.push(dropped(piece));
      });
      parser.on('error', (error: Error) => {
        if (!IN_PASSING.test(error.message)) reject(error);
      });
      parser.on('end', resolve);
      parser.end(source);
    });
    return found;
  } finally {
    clearTimeout(deadline);
    parser.destroy();
  }
}

/** The parser goes on when a file has been read to its end, and then knows its size. */
function dropped(file: AttachmentStream): AttachmentStream {
  file.content.on('data', () => undefined);
  file.content.on('end', () => file.release());
  return file;
}

function partOf(file: AttachmentStream & { readonly partId?: string | null }): MailPart {
  return {
    name: file.filename ?? null,
    contentType: file.contentType,
    size: file.size,
    contentId: file.cid === undefined || file.cid === '' ? null : file.cid,
    number: file.partId ?? null,
  };
}

/** Fields as they stand in the mail, without their names and line breaks. */
function fieldsOf(lines: HeaderLines): Mail['fields'] {
  const fields = new Map<string, string[]>();
  for (const { key, line } of lines) {
    const value = line
      .slice(line.indexOf(':') + 1)
      .replace(/[\r\n]+/g, ' ')
      .trim();
    const others = fields.get(key);
    if (others === undefined) fields.set(key, [value]);
    else others.push(value);
  }
  return fields;
}

function subjectOf(value: HeaderValue | undefined): string | null {
  if (typeof value !== 'string') return null;
  const subject = value.replace(/\s+/g, ' ').trim();
  return subject === '' ? null : subject;
}

function structured(
  value: HeaderValue | undefined,
): { value: string; params: Record<string, string> } | null {
  return typeof value === 'object' && 'params' in value ? value : null;
}

/** Those of all fields of the name; of a group its members. */
function addressesOf(value: HeaderValue | undefined): readonly MailAddress[] {
  return [value]
    .flat()
    .filter(isAddressObject)
    .flatMap(({ value }) => value.flatMap(membersOf));
}

function membersOf({ address = '', name, group }: AddressObject['value'][number]): readonly MailAddress[] {
  return group === undefined ? [{ address, name }] : group.flatMap(membersOf);
}

function isAddressObject(value: unknown): value is AddressObject {
  return typeof value === 'object' && value !== null && 'html' in value;
}
