import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { nameOf } from '../../src/providers/kind';
import { KINDS } from '../../src/providers/registry';

const DOCUMENT = readFileSync(join(__dirname, '../../docs/PROVIDERS.md'), 'utf8');
const SECTIONS = new Map(
  DOCUMENT.split(/^## /m).map(section => [section.split('\n', 1)[0] ?? '', section] as const),
);

/** Kinds whose services call us, but for the one whose requests we describe ourselves. */
const SERVICES = KINDS.filter(kind => 'hook' in kind && nameOf(kind) !== 'generic').map(nameOf);

describe('docs/PROVIDERS.md', () => {
  test.each(SERVICES)('says of %s how to set it up, what goes where, and what is answered', name => {
    const section = SECTIONS.get(name) ?? '';
    for (const part of [`kind: ${name}`, '| here |', '**Proof.**', '**Replies.**', '**Good to know.**']) {
      expect(section).toContain(part);
    }
  });
});
