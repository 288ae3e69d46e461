import { isUtf8 } from 'node:buffer';

/** A line of a text file, or what makes it unreadable. */
export type Line =
  { readonly number: number; readonly text: string } | { readonly number: number; readonly problem: string };

export interface LineChunk {
  /** Without those that are blank. */
  readonly lines: readonly Line[];
  /** How much of the source this chunk covers. */
  readonly bytes: number;
}

export interface LineLimits {
  /** A longer line is told of, and never held in memory. */
  readonly maxLineBytes: number;
  /** A chunk ends with the line that reaches one of these. */
  readonly chunkLines: number;
  readonly chunkBytes: number;
}

/**
 * Reads UTF-8 text as lines numbered from 1, in chunks. Lines end with LF or CRLF, the last one also with the source;
 * a byte order mark at the start is left out, as are blank lines, which still count.
 */
export async function* chunksOfLines(
  source: AsyncIterable<Uint8Array>,
  limits: LineLimits,
): AsyncGenerator<LineChunk> {
  const splitter = new LineSplitter(limits.maxLineBytes);
  let lines: Line[] = [];
  let start = 0;
  const cut = (): LineChunk => {
    const chunk = { lines, bytes: splitter.bytes - start };
    lines = [];
    start = splitter.bytes;
    return chunk;
  };
  for await (const piece of source) {
    for (const line of splitter.take(Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength))) {
      lines.push(line);
      if (lines.length >= limits.chunkLines || splitter.bytes - start >= limits.chunkBytes) yield cut();
    }
  }
  lines.push(...splitter.end());
  yield cut();
}

const LF = 0x0a;
const CR = 0x0d;
const BYTE_ORDER_MARK = '\ufeff';
const NOT_BLANK = /\S/;

/**
 * Cuts pieces at line ends. Of the line that a piece ends within, the beginning is held until the rest comes; once it
 * is too long it is only counted.
 */
class LineSplitter {
  /** Of the lines that have ended. */
  bytes = 0;
  private number = 0;
  private held: Buffer[] = [];
  private heldBytes = 0;

  constructor(private readonly maxBytes: number) {}

  *take(piece: Buffer): Generator<Line> {
    let start = 0;
    for (let end = piece.indexOf(LF); end !== -1; end = piece.indexOf(LF, start)) {
      this.hold(piece.subarray(start, end));
      start = end + 1;
      this.bytes += 1;
      yield* this.finish();
    }
    this.hold(piece.subarray(start));
  }

  *end(): Generator<Line> {
    if (this.heldBytes > 0) yield* this.finish();
  }

  private hold(part: Buffer): void {
    this.heldBytes += part.length;
    if (this.heldBytes > this.maxBytes) this.held = [];
    else if (part.length > 0) this.held.push(part);
  }

  private *finish(): Generator<Line> {
    const { heldBytes, held } = this;
    const [first] = held;
    this.number += 1;
    this.bytes += heldBytes;
    this.heldBytes = 0;
    this.held = [];
    if (heldBytes > this.maxBytes) {
      yield { number: this.number, problem: `is longer than ${this.maxBytes} bytes` };
    } else if (first !== undefined) {
      yield* this.read(held.length === 1 ? first : Buffer.concat(held));
    }
  }

  private *read(bytes: Buffer): Generator<Line> {
    if (!isUtf8(bytes)) {
      yield { number: this.number, problem: 'is not UTF-8' };
      return;
    }
    const text = bytes.toString('utf8', 0, bytes.at(-1) === CR ? bytes.length - 1 : bytes.length);
    const content = this.number === 1 && text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
    if (NOT_BLANK.test(content)) yield { number: this.number, text: content };
  }
}
