// Prints the schema that the code builds into schema.graphql; with --check, only says whether the two differ.
import 'reflect-metadata';
import { readFileSync, writeFileSync } from 'node:fs';
import { printSchema } from 'graphql';
import { buildHeliographSchema } from '../src/schema';

const FILE = 'schema.graphql';
const HEADER = '# Emitted from the code by `npm run schema`. Change the code, not this file.\n\n';

const printed = `${HEADER}${printSchema(buildHeliographSchema())}\n`;

if (!process.argv.includes('--check')) {
  writeFileSync(FILE, printed);
} else if (readFileSync(FILE, 'utf8') !== printed) {
  process.stderr.write(`${FILE} is not what the code says.\n`);
  process.exitCode = 1;
}
