import {
  type AddressObject,
  type AttachmentStream,
  type HeaderLines,
  type Headers,
  type HeaderValue,
  type MailParser,
  type MessageText,
} from 'mailparser';
import { type Mail, type MailAddress, type MailPart } from './email.kinds';
import { type WordsPart, wordsOf } from './words.rules';

/** Reading takes milliseconds; a mail at which the parser waits for ever must not stop the mailbox. */
const PARSE_DEADLINE_MS = 60_000;

/**
 * Reads the MIME of a mail; files are measured and dropped as they come by.
 *
 * @throws whatever the parser stumbles over
 */
export async function parseMail(source: Buffer): Promise<Mail> {
  const found = await collect(source);
  const { headers } = found;
  const addresses = (name: string): readonly MailAddress[] => addressesOf(headers.get(name));
  const type = structured(headers.get('content-type'));
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
    words: found.tree === null ? null : wordsOf(wordsPart(found.tree)),
    parts: found.parts.map(partOf),
  };
}

interface Found {
  headers: Headers;
  lines: HeaderLines;
  tree: ParserNode | null;
  readonly parts: AttachmentStream[];
}

/** What the parser knows of a part; its types leave it out. */
interface ParserNode {
  readonly contentType?: string | false;
  readonly isAttachment?: boolean;
  readonly textContent?: string;
  readonly children: readonly ParserNode[];
}

async function collect(source: Buffer): Promise<Found> {
  const found: Found = { headers: new Map(), lines: [], tree: null, parts: [] };
  // It puts the parts together in ways of its own, some of which take seconds for a hostile mail.
  const { MailParser: Parser } = await import('mailparser');
  const parser = new Parser({ skipHtmlToText: true, skipTextToHtml: true });
  let deadline: NodeJS.Timeout | undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      deadline = setTimeout(() => reject(new Error('It could not be read in time.')), PARSE_DEADLINE_MS);
      parser.on('headers', headers => (found.headers = headers));
      parser.on('headerLines', (lines: HeaderLines) => (found.lines = lines));
      parser.on('data', (piece: AttachmentStream | MessageText) => {
        if (piece.type === 'attachment') found.parts.push(dropped(piece));
      });
      parser.on('error', reject);
      parser.on('end', resolve);
      parser.end(source);
    });
    const { tree } = parser as MailParser & { readonly tree: ParserNode | false };
    return { ...found, tree: tree === false ? null : tree };
  } finally {
    clearTimeout(deadline);
    parser.destroy();
  }
}

function wordsPart({ contentType, isAttachment, textContent, children }: ParserNode): WordsPart {
  const isText = isAttachment !== true && textContent !== undefined;
  return {
    contentType: contentType === false || contentType === undefined ? '' : contentType.toLowerCase(),
    content: isText ? textContent : null,
    children: children.map(wordsPart),
  };
}

/** The parser goes on when a file has been read to its end, and then knows its size. */
function dropped(file: AttachmentStream): AttachmentStream {
  file.content.on('data', () => undefined);
  file.content.on('end', () => file.release());
  return file;
}

function partOf(file: AttachmentStream): MailPart {
  return {
    name: file.filename ?? null,
    contentType: file.contentType,
    size: file.size,
    contentId: file.cid === undefined || file.cid === '' ? null : file.cid,
    mark: file.checksum,
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
