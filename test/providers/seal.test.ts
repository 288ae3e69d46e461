import { describe, expect, test } from '@jest/globals';
import { keptRequest, keptText, restOf } from '../../src/providers/raws/kept-request.rules';
import { Seal, WrongKey } from '../../src/providers/raws/seal';

const KEY = Buffer.alloc(32, 7);

describe('a seal', () => {
  test('opens what it has sealed, and shows nothing of it', () => {
    const sealed = new Seal(KEY).seal('Help us, äöü 😀', 'ward');
    expect(Buffer.from(sealed.text, 'base64').includes('Help')).toBe(false);
    expect(new Seal(KEY).open(sealed, 'ward')).toBe('Help us, äöü 😀');
  });

  test('never seals the same text alike', () => {
    const seal = new Seal(KEY);
    expect(seal.seal('a', 'ward').text).not.toBe(seal.seal('a', 'ward').text);
  });

  test('opens nothing of another owner, of another key, or that has a bit changed', () => {
    const sealed = new Seal(KEY).seal('Help us', 'ward');
    const bytes = Buffer.from(sealed.text, 'base64');
    expect(() => new Seal(KEY).open(sealed, 'another')).toThrow(WrongKey);
    expect(() => new Seal(Buffer.alloc(32, 8)).open(sealed, 'ward')).toThrow('another key');
    expect(() => new Seal(null).open(sealed, 'ward')).toThrow('set INTAKE_KEY');
    for (const at of [0, 12, 20, bytes.length - 1]) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(() => new Seal(KEY).open({ ...sealed, text: changed.toString('base64') }, 'ward')).toThrow(
        WrongKey,
      );
    }
    expect(() => new Seal(KEY).open({ ...sealed, text: '' }, 'ward')).toThrow(WrongKey);
  });

  test('without a key keeps texts as they are, and one with a key still reads them', () => {
    const plain = new Seal(null).seal('Help us', 'ward');
    expect(plain).toEqual({ text: 'Help us', keyId: null });
    expect(new Seal(KEY).open(plain, 'ward')).toBe('Help us');
  });

  test('knows a request again, and whose parts are parted elsewhere for another', () => {
    for (const seal of [new Seal(null), new Seal(KEY)]) {
      expect(seal.digest(['POST', '/a', Buffer.from('b')])).toBe(
        seal.digest(['POST', '/a', Buffer.from('b')]),
      );
      expect(seal.digest(['POST', '/ab', ''])).not.toBe(seal.digest(['POST', '/a', 'b']));
    }
    expect(new Seal(null).digest(['a'])).not.toBe(new Seal(KEY).digest(['a']));
  });
});

describe('a kept request', () => {
  const request = {
    method: 'POST',
    url: 'https://gateway.example.org/providers/ward/s3cret%2Fkey-of-ours?x=1',
    rest: ['s3cret/key-of-ours'],
    headers: new Map([
      ['authorization', ['Bearer abc', 'Basic def']],
      ['x-token', ['s3cret/key-of-ours']],
      ['content-type', ['text/plain']],
    ]),
    body: Buffer.from([0, 255, 128]),
  };

  test('holds the body byte by byte, and no credential', () => {
    const text = keptText(request, ['s3cret/key-of-ours']);
    expect(text).not.toMatch(/s3cret|abc|def/);
    expect(keptRequest(text)).toEqual({
      ...request,
      url: 'https://gateway.example.org/providers/ward/[removed]?x=1',
      rest: ['[removed]'],
      headers: new Map([
        ['authorization', ['[removed]', '[removed]']],
        ['x-token', ['[removed]']],
        ['content-type', ['text/plain']],
      ]),
    });
  });

  test.each([
    '/providers/ward/%73%33cret%2fkey%2Dof-ours',
    '/providers/ward?a=1&secret=s3cr%65t/key-of-ours&b=2',
    '/providers/ward?%73ecret=s3cret%2Fkey%2dof%2dours',
  ])('holds no secret, however %s writes it', url => {
    const kept = keptRequest(keptText({ ...request, url, headers: new Map() }, ['s3cret/key-of-ours'])).url;
    expect(kept).toContain('[removed]');
    expect(kept).not.toMatch(/s3cr|key|%73%33/);
  });

  test.each([
    ['a form', 'secret=s3cret%2Fkey-of-ours&message=Hi', 'secret=[removed]&message=Hi'],
    ['JSON', '{"secret":"s3cret/key-of-ours"}', '{"secret":"[removed]"}'],
    ['a form without it', 'message=s3cret', 'message=s3cret'],
  ])('holds no secret of %s in its body', (_, body, kept) => {
    const text = keptText({ ...request, body: Buffer.from(body) }, ['s3cret/key-of-ours', 'Hi']);
    expect(keptRequest(text).body.toString()).toBe(kept);
  });

  test('of an address with a space for a plus loses its secret, and nothing else', () => {
    const url = '/providers/ward?text=a+b%20c&secret=one+secret+of+ours';
    const kept = keptRequest(keptText({ ...request, url, headers: new Map() }, ['one secret of ours'])).url;
    expect(kept).toBe('/providers/ward?text=a+b%20c&secret=[removed]');
  });

  test.each([
    ['/providers/ward', []],
    ['/providers/ward/', []],
    ['/providers/ward/a/b%20c?d=/e/f', ['a', 'b c']],
    ['https://x.example.org/desk/providers/ward/%zz', ['%zz']],
  ])('of %s has the segments %j behind the id', (url, rest) => {
    expect(restOf(url)).toEqual(rest);
  });
});
