import fc from 'fast-check';
import { type Sample } from '../../../src/providers/provider.kinds';

/** What a body may be made of that nobody sends on purpose. */
const ODD = [
  '\0',
  '\ud800',
  '\u202e',
  '%',
  '%00',
  '%ff',
  '&&',
  '=',
  '"',
  '\\',
  '{',
  '}',
  '[',
  ']',
  '[]',
  'null',
  '-1',
  '1e999',
];
const ODD_TEXTS = [
  ...ODD,
  '\r\n',
  '9'.repeat(400),
  '__proto__',
  'constructor',
  '[['.repeat(2_000),
  '<?xml',
  "' or 1=1 --",
  '😀',
];

/** A change of a request, before it is proven. */
export function mutations(sample: Sample): fc.Arbitrary<Sample> {
  const body = fc.array(fc.oneof(edit(sample.body), insertion(sample.body), jsonEdit(sample.body)), {
    minLength: 1,
    maxLength: 4,
  });
  return fc
    .record({ edits: body, headers: headerEdit(sample.headers), query: queryEdit(sample.url) })
    .map(({ edits, headers, query }): Sample => ({
      ...sample,
      body: edits.reduce((text, change) => change(text), sample.body),
      headers,
      url: query,
    }));
}

type Change = (text: string) => string;

function edit(text: string): fc.Arbitrary<Change> {
  return fc.tuple(fc.nat(text.length), fc.nat(20)).map(
    ([at, length]) =>
      now =>
        now.slice(0, at) + now.slice(at + length),
  );
}

function insertion(text: string): fc.Arbitrary<Change> {
  const odd = fc.oneof(fc.constantFrom(...ODD_TEXTS), fc.string({ unit: 'binary', maxLength: 12 }));
  return fc.tuple(fc.nat(text.length), odd).map(
    ([at, piece]) =>
      now =>
        now.slice(0, at) + piece + now.slice(at),
  );
}

/** Values of another type in the place of those that are expected. */
function jsonEdit(text: string): fc.Arbitrary<Change> {
  const values = [...text.matchAll(/"[^"]*"(?!:)|\b\d+\b|true|false|null/g)];
  if (values.length === 0) return fc.constant(now => now);
  return fc.tuple(fc.constantFrom(...values), fc.json()).map(([match, json]) => now => {
    const at = match.index;
    return now.slice(0, at) + json + now.slice(at + match[0].length);
  });
}

function headerEdit(headers: Sample['headers']): fc.Arbitrary<Sample['headers']> {
  const value = fc.constantFrom(
    '',
    'text/plain',
    'application/json',
    'application/x-www-form-urlencoded',
    'multipart/form-data',
    ';;;',
    'x'.repeat(500),
  );
  return fc
    .option(value, { nil: null, freq: 4 })
    .map(type => (type === null ? headers : { ...headers, 'content-type': type }));
}

function queryEdit(url: string): fc.Arbitrary<string> {
  const odd = fc.constantFrom('?', '?x=1', '?%', '?a[]=1&a[]=2', '?__proto__=1');
  return fc.option(odd, { nil: '', freq: 6 }).map(query => (url.includes('?') ? url : url + query));
}
