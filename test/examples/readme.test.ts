import { describe, expect, test } from '@jest/globals';
import { getOperationAST, parse } from 'graphql';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { exampleNames, FOLDER, readExample } from './examples';

const README = readFileSync(join(FOLDER, 'README.md'), 'utf8');

describe('the examples as a reader meets them', () => {
  test.each(exampleNames())('%s stands in the README', name => {
    expect(README).toContain(`[${name}](${name}.graphql)`);
  });

  test.each(exampleNames())('%s says whom it serves, which scope it needs and what to expect', name => {
    const { operation, scopes } = readExample(name);
    expect(operation).toMatch(/^# .+\n#\n# Who needs it: .+\n/);
    expect(operation).toMatch(/^# Expect: /m);
    expect(scopes).not.toEqual([]);
  });

  test.each(exampleNames())('%s is one operation with a name', name => {
    expect(getOperationAST(parse(readExample(name).operation))?.name?.value).toMatch(/^[A-Z]/);
  });

  test('the README links to nothing that is not there', () => {
    const links = [...README.matchAll(/\]\((?!\w+:|\.\.)([^)#]+)\)/g)].map(([, path]) => path);
    const files = readdirSync(FOLDER, { recursive: true });
    expect(files).toEqual(expect.arrayContaining(links));
  });
});
