import { plainText } from '../../../messages/rules/plain-text.rules';

/** A part of a mail, as far as its words go. */
export interface WordsPart {
  /** In small letters, such as `text/plain`. */
  readonly contentType: string;
  /** Decoded; null of what is no text, and of a file. */
  readonly content: string | null;
  readonly children: readonly WordsPart[];
}

/**
 * What a mail says: its plain text, with what it quotes, or its HTML as it is. Of parts that say the same (`alternative`)
 * the plain one is taken, of parts that follow each other all; where plain text and HTML do, the HTML becomes plain.
 * Null where nobody has written anything.
 */
export function wordsOf(mail: WordsPart): string | null {
  const pieces = piecesOf(mail);
  if (pieces.length === 0) return null;
  const isHtml = pieces.every(piece => piece.isHtml);
  return pieces
    .map(piece => (isHtml ? piece.content : piece.isHtml ? plainText(piece.content) : piece.content))
    .map(content => content.trimEnd())
    .join('\n');
}

interface Piece {
  readonly isHtml: boolean;
  readonly content: string;
}

function piecesOf({ contentType, content, children }: WordsPart): readonly Piece[] {
  if (content !== null) {
    return /\P{White_Space}/u.test(content) ? [{ isHtml: contentType === 'text/html', content }] : [];
  }
  const said = children.map(piecesOf);
  if (contentType !== 'multipart/alternative') return said.flat();
  return (
    said.find(pieces => pieces.some(({ isHtml }) => !isHtml)) ?? said.find(pieces => pieces.length > 0) ?? []
  );
}
