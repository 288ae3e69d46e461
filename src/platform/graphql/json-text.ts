/** JSON that is text already, in pieces: texts, and bytes of UTF-8 as the store has written them. */
export type Json = string | Uint8Array | readonly Json[];

/** @param members names that need no escapes, as those of GraphQL, each with its value. */
export function jsonObject(members: readonly (readonly [name: string, value: Json])[]): Json {
  return ['{', members.map(([name, value], index) => [`${index === 0 ? '' : ','}"${name}":`, value]), '}'];
}

export function jsonList(items: readonly Json[]): Json {
  return ['[', items.map((item, index) => (index === 0 ? item : [',', item])), ']'];
}

/**
 * A part of an answer that is not to be looked at any more: it is sent as it is. Bytes stay bytes, because turning a page
 * into a text of JavaScript and back takes as long as finding it.
 */
export class JsonText {
  constructor(readonly json: Json) {}

  /** How long it is, in bytes or characters: never less than its texts are in characters. */
  get length(): number {
    return this.pieces().reduce((length, piece) => length + piece.length, 0);
  }

  /** What it stands for. */
  value(): unknown {
    return JSON.parse(this.payload().toString());
  }

  /** As it is sent. */
  payload(): string | Buffer {
    const pieces = this.pieces();
    if (pieces.every(piece => typeof piece === 'string')) return pieces.join('');
    const sizes = pieces.map(piece => (typeof piece === 'string' ? Buffer.byteLength(piece) : piece.length));
    const bytes = Buffer.allocUnsafe(sizes.reduce((sum, size) => sum + size, 0));
    let end = 0;
    pieces.forEach((piece, index) => {
      if (typeof piece === 'string') bytes.write(piece, end);
      else bytes.set(piece, end);
      end += sizes[index] ?? 0;
    });
    return bytes;
  }

  private pieces(): readonly (string | Uint8Array)[] {
    const pieces: (string | Uint8Array)[] = [];
    addTo(pieces, this.json);
    return pieces;
  }
}

function addTo(pieces: (string | Uint8Array)[], json: Json): void {
  if (typeof json === 'string' || json instanceof Uint8Array) pieces.push(json);
  else for (const part of json) addTo(pieces, part);
}
