const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** Whether a text has the form of a token, as a scanner for leaked ones would find out from the documentation alone. */
export function isWellFormed(text: string): boolean {
  if (!/^hg_[0-9A-Za-z]{49}$/.test(text)) return false;
  const given = Array.from(text.slice(-6)).reduce((sum, digit) => sum * 62 + DIGITS.indexOf(digit), 0);
  return given === crc32(text.slice(0, -6));
}

/** The same text with its last character changed: of the right form, with a wrong checksum. */
export function mistyped(token: string): string {
  return token.slice(0, -1) + (token.endsWith('0') ? '1' : '0');
}

/** Bit by bit, as ISO 3309 has it. */
function crc32(text: string): number {
  let rest = ~0;
  for (const byte of Buffer.from(text)) {
    rest ^= byte;
    for (let bit = 0; bit < 8; bit += 1) rest = (rest >>> 1) ^ (rest & 1 ? 0xedb88320 : 0);
  }
  return ~rest >>> 0;
}
