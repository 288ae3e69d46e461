import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { labelOf, plainText } from '../../src/messages/rules/plain-text.rules';
import { textIssue } from '../../src/platform/text.rules';

describe('a label', () => {
  const untitled = { id: 12, title: null };

  test.each([
    ['is the title', { id: 12, title: 'Flood', message: 'text' }, 'Flood'],
    ['is the text where the title is blank', { id: 12, title: ' \n', message: 'text' }, 'text'],
    ['is the first line of the text', { ...untitled, message: 'One\nTwo' }, 'One'],
    ['is the first line with something on it', { ...untitled, message: '\n \t\n  One \nTwo' }, 'One'],
    ['is made of plain text', { ...untitled, message: '<p>Hello <b>world</b></p><p>Bye</p>' }, 'Hello world'],
    ['is the id where HTML shows no text', { ...untitled, message: '<img src="x">' }, 'Message 12'],
    ['takes an id in digits too', { id: '12', title: null, message: '<p></p>' }, 'Message 12'],
    ['does without an id', { id: null, title: null, message: '<p></p>' }, 'Message'],
    ['holds 80 characters whole', { ...untitled, message: 'x'.repeat(80) }, 'x'.repeat(80)],
    ['cuts after 80 characters', { ...untitled, message: 'x'.repeat(81) }, `${'x'.repeat(80)}…`],
    ['holds 80 emojis whole', { ...untitled, message: '😀'.repeat(80) }, '😀'.repeat(80)],
    ['cuts after 80 emojis', { ...untitled, message: '😀'.repeat(81) }, `${'😀'.repeat(80)}…`],
    ['ends with no half flag', { ...untitled, message: `${'x'.repeat(79)}🇦🇹!` }, `${'x'.repeat(79)}…`],
    [
      'ends with no half family',
      { ...untitled, message: `${'x'.repeat(78)}👩\u200d👧!` },
      `${'x'.repeat(78)}…`,
    ],
    [
      'keeps the accent of its last letter',
      { ...untitled, message: `${'x'.repeat(78)}q\u0323!!` },
      `${'x'.repeat(78)}q\u0323…`,
    ],
    [
      'leaves out a letter whose accent would be lost',
      { ...untitled, message: `${'x'.repeat(79)}q\u0323!` },
      `${'x'.repeat(79)}…`,
    ],
    [
      'cuts one endless character all the same',
      { ...untitled, message: `x${'\u0323'.repeat(500)}` },
      `x${'\u0323'.repeat(79)}…`,
    ],
    ['keeps a long title whole', { id: 12, title: 'x'.repeat(255), message: 'text' }, 'x'.repeat(255)],
  ])('%s', (_what, fields, label) => {
    expect(labelOf({ ...fields, text: plainText(fields.message) })).toBe(label);
  });

  test('is never blank, has one line, and is the beginning of the text where it is cut', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 60, maxLength: 120 }), message => {
        const label = labelOf({ ...untitled, text: plainText(message) });
        expect(label.trim()).not.toBe('');
        expect(label).not.toContain('\n');
        expect(Array.from(label).length).toBeLessThanOrEqual(81);
        expect(textIssue(label, { max: 81, multiline: false })).toBeNull();
        if (Array.from(label).length === 81) expect(plainText(message)).toContain(label.slice(0, -1));
      }),
    );
  });
});
