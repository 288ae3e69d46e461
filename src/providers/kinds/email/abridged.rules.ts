/**
 * A mail without what its files hold: every byte of its headers and texts, of files their headers alone. It is for mails
 * that are kept for good, of which anybody may send any number; the files are still with the mail server.
 */
export function abridged(raw: Buffer): Buffer {
  const kept: Buffer[] = [];
  const boundaries = new Set<string>();
  let header = '';
  let isHeader = true;
  let isKept = true;
  for (const line of linesOf(raw)) {
    const text = line.subarray(0, MAX_LOOKED_AT).toString('latin1').trimEnd();
    if (!isHeader && text.startsWith('--') && isBoundary(text, boundaries)) {
      [header, isHeader, isKept] = ['', true, true];
    } else if (isHeader && text !== '') {
      if (header.length < MAX_HEADER) header += `${text}\n`;
    } else if (isHeader) {
      isHeader = false;
      isKept = hasWords(header);
      const name = boundaryOf(header);
      if (name !== undefined && boundaries.size < MAX_BOUNDARIES) boundaries.add(`--${name}`);
      kept.push(line);
      continue;
    }
    if (isHeader || isKept) kept.push(line);
  }
  return Buffer.concat(kept);
}

/** Of a line, in bytes: boundaries have 70 at most. */
const MAX_LOOKED_AT = 1000;
/** Of one part, in characters. */
const MAX_HEADER = 16 * 1024;
/** Of a hostile mail. */
const MAX_BOUNDARIES = 1000;

function isBoundary(line: string, boundaries: ReadonlySet<string>): boolean {
  return boundaries.has(line) || (line.endsWith('--') && boundaries.has(line.slice(0, -2)));
}

/** Texts, and what stands around parts; without a type a part is text. */
function hasWords(header: string): boolean {
  const type = /^\s*([a-z]+)\//i.exec(field(header, 'content-type'))?.[1]?.toLowerCase() ?? 'text';
  const isFile = /^\s*attachment/i.test(field(header, 'content-disposition'));
  return ['text', 'multipart'].includes(type) && !isFile;
}

function boundaryOf(header: string): string | undefined {
  const [, quoted, bare] =
    /;\s*boundary\s*=\s*(?:"([^"]{1,200})"|([^\s;"]{1,200}))/i.exec(field(header, 'content-type')) ?? [];
  return quoted ?? bare;
}

/** With its continued lines; empty where there is none. */
function field(header: string, name: string): string {
  const found = header
    .split(/\n(?![ \t])/)
    .find(one => one.slice(0, name.length + 1).toLowerCase() === `${name}:`);
  return found?.slice(name.length + 1) ?? '';
}

/** Each with its end. */
function* linesOf(raw: Buffer): Generator<Buffer> {
  for (let start = 0; start < raw.length;) {
    const end = raw.indexOf(0x0a, start);
    const next = end < 0 ? raw.length : end + 1;
    yield raw.subarray(start, next);
    start = next;
  }
}
