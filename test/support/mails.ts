/** A text as a charset writes it. */
interface Written {
  readonly charset: string;
  readonly text: string;
  readonly bytes: Buffer;
}

const hex = (digits: string): Buffer => Buffer.from(digits.replaceAll(' ', ''), 'hex');

/** Texts in the charsets that mail comes in. */
export const CHARSETS: readonly Written[] = [
  { charset: 'us-ascii', text: 'The well is dry', bytes: Buffer.from('The well is dry') },
  { charset: 'utf-8', text: 'Maji yamekwisha – 水 💧', bytes: Buffer.from('Maji yamekwisha – 水 💧') },
  { charset: 'iso-2022-jp', text: 'テスト', bytes: hex('1b2442 2546 2539 2548 1b2842') },
  { charset: 'shift_jis', text: 'テスト', bytes: hex('8365 8358 8367') },
  { charset: 'euc-jp', text: 'テスト', bytes: hex('a5c6 a5b9 a5c8') },
  { charset: 'gb18030', text: '你好', bytes: hex('c4e3 bac3') },
  { charset: 'big5', text: '你好', bytes: hex('a741 a66e') },
  { charset: 'euc-kr', text: '안녕', bytes: hex('bec8 b3e7') },
  { charset: 'koi8-r', text: 'Привет', bytes: hex('f0d2c9d7c5d4') },
  { charset: 'windows-1251', text: 'Привет', bytes: hex('cff0e8e2e5f2') },
  { charset: 'windows-1252', text: '“café” €5', bytes: hex('93 63 61 66 e9 94 20 80 35') },
  { charset: 'iso-8859-1', text: 'Straße', bytes: hex('53 74 72 61 df 65') },
  { charset: 'iso-8859-15', text: '€5', bytes: hex('a4 35') },
  { charset: 'windows-1256', text: 'سلام', bytes: hex('d3 e1 c7 e3') },
  { charset: 'utf-7', text: 'Hi é', bytes: Buffer.from('Hi +AOk-') },
  { charset: 'utf-16le', text: 'Hi é', bytes: Buffer.from('Hi é', 'utf16le') },
];

export const TRANSFER_ENCODINGS = ['8bit', 'base64', 'quoted-printable'] as const;
type TransferEncoding = (typeof TRANSFER_ENCODINGS)[number];

/** Lines with the ends that mail has. */
export function lines(...all: readonly string[]): string {
  return all.map(line => `${line}\r\n`).join('');
}

/** A plain mail; fields may be replaced, and left out with null. */
export function mail(
  fields: Readonly<Record<string, string | null>> = {},
  body = 'The well is dry.',
): Buffer {
  const all: Readonly<Record<string, string | null>> = {
    From: 'Amina <amina@example.org>',
    To: 'help@example.org',
    Subject: 'Water',
    Date: 'Sun, 01 Mar 2026 15:00:00 +0300',
    'Message-ID': '<m1@example.org>',
    ...fields,
  };
  const header = Object.entries(all).flatMap(([name, value]) =>
    value === null ? [] : [`${name}: ${value}`],
  );
  return Buffer.from(lines(...header, '') + body, 'latin1');
}

/** A mail that is written in a charset: subject, name of the sender and text. */
export function writtenMail({ charset, bytes }: Written, encoding: TransferEncoding, id: string): Buffer {
  const word = `=?${charset}?B?${bytes.toString('base64')}?=`;
  const header = mail(
    {
      From: `${word} <amina@example.org>`,
      Subject: word,
      'Message-ID': `<${id}>`,
      'MIME-Version': '1.0',
      'Content-Type': `text/plain; charset="${charset}"`,
      'Content-Transfer-Encoding': encoding,
    },
    '',
  );
  return Buffer.concat([header, encoded(bytes, encoding)]);
}

function encoded(bytes: Buffer, encoding: TransferEncoding): Buffer {
  switch (encoding) {
    case '8bit':
      return bytes;
    case 'base64':
      return Buffer.from(lines(bytes.toString('base64')));
    case 'quoted-printable':
      return Buffer.from(
        [...bytes].map(byte => `=${byte.toString(16).toUpperCase().padStart(2, '0')}`).join(''),
      );
  }
}

/** A mail of several parts, each with its own header lines, an empty one, and its body. */
export function multipart(
  type: string,
  parts: readonly (readonly string[])[],
  fields: Readonly<Record<string, string | null>> = {},
): Buffer {
  const body = parts.map(part => lines('--part', ...part)).join('') + lines('--part--');
  return mail({ 'MIME-Version': '1.0', 'Content-Type': `${type}; boundary="part"`, ...fields }, body);
}
