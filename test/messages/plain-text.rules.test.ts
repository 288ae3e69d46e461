import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { plainText } from '../../src/messages/rules/plain-text.rules';
import { textIssue } from '../../src/platform/text.rules';
import { processorMs } from '../support/processor-time';

const longestMessage = 65_535;

describe('a message without HTML is its own plain text', () => {
  test.each([
    'Hello',
    '',
    '  two\n\n\n\nlines\t ',
    'I <3 you',
    'a < b and c > d',
    'a <b',
    'x<y',
    '1 > 0 <b',
    '&amp; &lt;b&gt;',
    '<!-- a comment -->',
    '</b>',
    '<>',
    '< b >',
    '<é>',
    '->',
  ])('%j', message => {
    expect(plainText(message)).toBe(message);
  });

  test('even if it is any text at all', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), message => {
        fc.pre(!/<[a-z][^>]*>/i.test(message));
        expect(plainText(message)).toBe(message);
      }),
    );
  });
});

describe('HTML becomes plain text', () => {
  test.each([
    ['inline tags go', 'Hello <b>dear</b> <i class="x">world</i>', 'Hello dear world'],
    ['br becomes a newline', 'a<br>b<br/>c<BR />d</br>e', 'a\nb\nc\nd\ne'],
    ['two br leave an empty line', 'a<br><br>b', 'a\n\nb'],
    ['many br leave no more than one', 'a<br><br><br><br>b', 'a\n\nb'],
    ['paragraphs stand apart', '<p>One</p><p>Two</p>', 'One\n\nTwo'],
    ['so do paragraphs that are never closed', '<p>One<p>Two', 'One\n\nTwo'],
    ['blocks end lines', '<div>One</div><div>Two</div>three', 'One\nTwo\nthree'],
    ['nested blocks share a newline', '<div><div>One</div></div><div><div>Two</div></div>', 'One\nTwo'],
    ['a br at the end of a block adds none', '<div>One<br></div><div>Two</div>', 'One\nTwo'],
    [
      'a block that holds only a br is an empty line',
      '<div>One</div><div><br></div><div>Two</div>',
      'One\n\nTwo',
    ],
    [
      'a paragraph that holds only a space leaves no trace',
      '<p>One</p><p>&nbsp;</p><p>Two</p>',
      'One\n\nTwo',
    ],
    ['headings stand apart', '<h1>News</h1>All is well', 'News\n\nAll is well'],
    ['list items are lines', '<ul>\n  <li>One</li>\n  <li>Two</li>\n</ul>', 'One\nTwo'],
    [
      'table rows are lines, cells are parted',
      '<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>',
      'a b\nc',
    ],
    ['a rule ends a line', 'a<hr>b', 'a\nb'],
    ['a link keeps its text', 'See <a href="https://example.org/?a>b">the map</a>.', 'See the map.'],
    ['an image leaves nothing', 'a<img src="x.png" alt="x">b', 'ab'],
    ['a closing tag without an opening one goes too', '<i>a</i></b> b', 'a b'],
    ['attributes may hold what looks like a tag', '<b title="<p>">a</b>', 'a'],
    ['entities are decoded', '<b>&lt;3 &amp; &uuml; &#8364; &#x1F600; &copy;</b>', '<3 & ü € 😀 ©'],
    ['a no-break space stays one', '<b>a&nbsp;b</b>', 'a\u00a0b'],
    ['what is no entity stays', '<b>AT&T &unknown; &</b>', 'AT&T &unknown; &'],
    ['escaped tags are text', '<p>&lt;b&gt;bold&lt;/b&gt;</p>', '<b>bold</b>'],
    ['control characters do not come in by entities', '<b>a&#0;&#1;&#27;&#x85;b</b>', 'a\ufffd…b'],
    ['an accent meets its letter', '<b>e</b>&#x301;', 'é'],
    ['scripts go with what they hold', 'a<script>if (1 < 2) { x("<p>") }</script>b', 'ab'],
    ['styles go too', '<style>p > a { color: red }</style><p>a</p>', 'a'],
    ['so do titles', '<html><head><title>T</title></head><body>a</body></html>', 'a'],
    ['comments go', '<p>a<!-- <b> -- --> b</p>', 'a b'],
    ['a doctype goes', '<!DOCTYPE html><p>a</p>', 'a'],
    [
      'line breaks in the source are spaces',
      '<p>One\n  two\tthree</p>\n\n\n<p>\nfour </p>',
      'One two three\n\nfour',
    ],
    [
      'but not where all HTML is inline',
      'Dear <b>all</b>,\n\n  come \n\n\n\nsoon',
      'Dear all,\n\n  come\n\nsoon',
    ],
    ['nor inside pre', '<p>a\nb</p><pre>x\n  y</pre><p>c\nd</p>', 'a b\n\nx\n  y\n\nc d'],
    ['I <3 you survives', '<p>I <3 you</p>', 'I <3 you'],
    ['a tag that is never closed survives', '<p>one</p> a <b', 'one\n\na <b'],
    ['a comment that is never closed survives', '<p>one</p><!-- two', 'one\n\n<!-- two'],
    ['a custom element goes', 'a <x-y>b</x-y>', 'a b'],
    ['nothing is left of tags alone', '<p><br></p>', ''],
  ])('%s', (_what, message, text) => {
    expect(plainText(message)).toBe(text);
  });

  const piece = fc.constantFrom(
    ...[
      '<p>',
      '</p>',
      '<br>',
      '<b>',
      '</b>',
      '<li>',
      '<pre>',
      '</pre>',
      '<td>',
      '<script>',
      '</script>',
      '<!--',
    ],
    ...[
      '-->',
      '<a href="',
      '">',
      '<',
      '>',
      '&amp;',
      '&#1;',
      '&#13;',
      '&#10;',
      '&#xd800;',
      '&',
      '\n',
      '\t',
      ' ',
    ],
    ...['a', 'é', '\u0301', '😀', '3'],
  );
  const html = fc.array(piece, { maxLength: 40 }).map(pieces => `<b>${pieces.join('')}`.normalize('NFC'));

  test('whatever HTML comes, the text is clean, trimmed, and has no two empty lines in a row', () => {
    fc.assert(
      fc.property(html, message => {
        const text = plainText(message);
        expect(textIssue(text, { max: longestMessage, mayBeBlank: true })).toBeNull();
        expect(text).toBe(text.normalize('NFC'));
        expect(text).not.toMatch(/\n{3}|^\s*\n|\s$/);
      }),
      { numRuns: 500 },
    );
  });
});

describe('hostile HTML takes time in proportion to its length', () => {
  test.each([
    ['100,000 opened tags', '<b>'.repeat(100_000)],
    ['100,000 opened blocks', '<div>'.repeat(100_000)],
    ['opened tags, then closing tags that match none', '<b>'.repeat(50_000) + '</x>'.repeat(50_000)],
    ['a flood of <', '<'.repeat(longestMessage)],
    ['a flood of < behind a tag', `<b>${'<'.repeat(longestMessage)}`],
    ['tags that are never closed', '<a'.repeat(100_000)],
    ['tags that are never closed behind one that is', `<b>${'<a'.repeat(100_000)}`],
    ['comments that are never closed', `<b>${'<!--'.repeat(50_000)}>`],
    ['scripts that are never closed', `<script>${'</scrip'.repeat(50_000)}>`],
    ['a flood of &', `<b>${'&'.repeat(200_000)}`],
    ['a flood of spaces', `<p>${' '.repeat(200_000)}x<p>`],
    ['a flood of newlines in pre', `<pre>${'\n'.repeat(200_000)}x`],
    ['a flood of attributes', `<b ${'a=b '.repeat(50_000)}>`],
    ['a flood of cells', '<td>'.repeat(100_000)],
  ])('%s', (_what, message) => {
    expect(processorMs(() => plainText(message))).toBeLessThan(1_000);
  });
});
