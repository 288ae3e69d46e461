import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { chunksOfLines, type Line, type LineLimits } from '../../src/platform/lines';

const LIMITS: LineLimits = { maxLineBytes: 12, chunkLines: 3, chunkBytes: 20 };

describe('lines', () => {
  test.each<[string, string | Buffer, readonly (readonly [number, string])[]]>([
    [
      'end with LF',
      'a\nb\n',
      [
        [1, 'a'],
        [2, 'b'],
      ],
    ],
    [
      'end with CRLF',
      'a\r\nb\r\n',
      [
        [1, 'a'],
        [2, 'b'],
      ],
    ],
    [
      'end with the source',
      'a\nb',
      [
        [1, 'a'],
        [2, 'b'],
      ],
    ],
    [
      'are counted where they are blank, and left out',
      'a\n\n \t\r\nb',
      [
        [1, 'a'],
        [4, 'b'],
      ],
    ],
    [
      'lose the byte order mark of the file',
      '\ufeffa\nb',
      [
        [1, 'a'],
        [2, 'b'],
      ],
    ],
    [
      'keep any other',
      'a\n\ufeffb',
      [
        [1, 'a'],
        [2, '\ufeffb'],
      ],
    ],
    ['are none in an empty source', '', []],
    ['are none where there is only a byte order mark', '\ufeff', []],
    ['may hold lone CR', 'a\rb\n', [[1, 'a\rb']]],
    [
      'may be as long as the limit',
      `${'é'.repeat(6)}\nb`,
      [
        [1, 'é'.repeat(6)],
        [2, 'b'],
      ],
    ],
    [
      'are told of where they are longer',
      `${'é'.repeat(6)}x\nb`,
      [
        [1, '!is longer than 12 bytes'],
        [2, 'b'],
      ],
    ],
    [
      'are told of where they are far longer',
      `${'x'.repeat(99)}\nb`,
      [
        [1, '!is longer than 12 bytes'],
        [2, 'b'],
      ],
    ],
    ['are told of where the last one is longer', 'x'.repeat(99), [[1, '!is longer than 12 bytes']]],
    [
      'are told of where they are not UTF-8',
      Buffer.from([0x61, 0xff, 0x0a, 0x62]),
      [
        [1, '!is not UTF-8'],
        [2, 'b'],
      ],
    ],
    [
      'are told of where a character is cut off',
      Buffer.from([0xc3, 0x0a, 0x62]),
      [
        [1, '!is not UTF-8'],
        [2, 'b'],
      ],
    ],
  ])('%s, however the bytes come', async (_, text, expected) => {
    const bytes = Buffer.from(text);
    for (const size of [1, 2, 3, 7, 100]) expect(await read(bytes, size)).toEqual(expected);
  });

  test('are those of the whole text, whatever it is', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom('a', 'é', '😀', '\n', '\r\n', ' ')).map(parts => parts.join('')),
        fc.integer({ min: 1, max: 9 }),
        async (text, size) => {
          const expected = text
            .split('\n')
            .map((line, index) => [index + 1, line.replace(/\r$/, '')] as const)
            .map(([number, line]) => [
              number,
              Buffer.byteLength(line) > 12 ? '!is longer than 12 bytes' : line,
            ])
            .filter(([, line]) => String(line).trim() !== '');
          // A line that fits without its CR may be refused for it: no real line comes that close.
          fc.pre(text.split('\n').every(line => Buffer.byteLength(line) !== 13));
          expect(await read(Buffer.from(text), size)).toEqual(expected);
        },
      ),
    );
  });

  test('come in chunks that cover the source, none beyond its limits', async () => {
    const text = ['aaaaaaaaa', 'bbbbbbbbb', 'c', 'd', '', 'e', 'f', 'g', 'x'.repeat(50), 'h'].join('\n');
    const chunks: [number, number][] = [];
    for await (const { lines, bytes } of chunksOfLines(pieces(Buffer.from(text), 4), LIMITS)) {
      chunks.push([lines.length, bytes]);
    }
    expect(chunks.map(([lines]) => lines)).toEqual([2, 3, 3, 1]);
    expect(chunks.reduce((sum, [, bytes]) => sum + bytes, 0)).toBe(text.length);
  });
});

async function read(bytes: Buffer, size: number): Promise<readonly (readonly [number, string])[]> {
  const found: Line[] = [];
  for await (const { lines } of chunksOfLines(pieces(bytes, size), LIMITS)) found.push(...lines);
  return found.map(line => [line.number, 'text' in line ? line.text : `!${line.problem}`]);
}

// eslint-disable-next-line @typescript-eslint/require-await -- a source is read asynchronously, whatever it is
async function* pieces(bytes: Buffer, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
