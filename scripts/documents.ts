// Says where the documents and the code differ: settings, error codes, dependencies, commands, npm scripts, links, and
// operations that the schema does not know. One line for each difference; the exit code is 1 if there is any.
import 'reflect-metadata';
import { Command } from 'commander';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { buildSchema, GraphQLError, parse, validate } from 'graphql';
import { type Setting, SETTINGS } from '../src/platform/setting.kinds';

/** A document, or a file of code, as text. */
const text = (file: string): string => readFileSync(file, 'utf8');

interface Manifest {
  readonly scripts: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

const manifest = JSON.parse(text('package.json')) as Manifest;
const documents = ['.', 'docs', 'docs/adr', 'examples'].flatMap(folder =>
  readdirSync(folder)
    .filter(name => name.endsWith('.md'))
    .map(name => join(folder, name)),
);

async function main(): Promise<void> {
  const differences = [
    ...settingDifferences(),
    ...codeDifferences(),
    ...dependencyDifferences(),
    ...(await commandDifferences()),
    ...documents.flatMap(document => [
      ...scriptDifferences(document),
      ...linkDifferences(document),
      ...operationDifferences(document),
    ]),
  ];
  for (const difference of differences) process.stderr.write(`${difference}\n`);
  if (differences.length > 0) process.exitCode = 1;
}

function settingDifferences(): readonly string[] {
  const expected = SETTINGS.map((setting: Setting) => {
    const { name, default: usual, defaultInProduction, meaning, example } = setting;
    const production =
      defaultInProduction === undefined ? '' : `, \`${defaultInProduction}\` when \`NODE_ENV=production\``;
    return [`\`${name}\``, usual === null ? '–' : `\`${usual}\`${production}`, meaning, `\`${example}\``];
  });
  return differing('README.md', 'Variable', expected, rowsOf('README.md', 'Variable'));
}

/** The table of codes in the README names what the code can answer, no more and no less. */
function codeDifferences(): readonly string[] {
  const known = new Set([
    ...capturesOf(text('src/platform/errors.ts'), /^ {2}\| '([A-Z_]+)'/gm),
    ...capturesOf(text('src/platform/server/format-error.ts'), /^ {2}'([A-Z_]+)',$/gm),
    ...capturesOf(text('src/platform/server/status.ts'), /^ {2}([A-Z_]+): \{ status/gm),
    'INTERNAL_SERVER_ERROR',
  ]);
  const told = new Set(rowsOf('README.md', 'Code').map(([code = '']) => code.replaceAll('`', '')));
  return setDifferences('README.md', 'error code', known, told);
}

function dependencyDifferences(): readonly string[] {
  const known = new Set([...Object.keys(manifest.dependencies), ...Object.keys(manifest.devDependencies)]);
  const rows = rowsOf('docs/ARCHITECTURE.md', 'Dependency');
  const told = new Set(rows.flatMap(([names = '']) => capturesOf(names, /`([^`]+)`/g)));
  return setDifferences('docs/ARCHITECTURE.md', 'dependency', known, told);
}

/** Every command stands in the README's table, and every `heliograph …` in a document is one. */
async function commandDifferences(): Promise<readonly string[]> {
  const known = new Set(await commandNames());
  const told = new Set(
    rowsOf('README.md', 'Command').flatMap(([cell = '']) => mentionedCommands(cell, known)),
  );
  const missing = [...known].filter(name => !told.has(name));
  const first = new Set([...known].map(name => name.split(' ', 1)[0]));
  return [
    ...missing.map(name => `README.md: the command "${name}" is missing from the table of commands`),
    ...documents.flatMap(document =>
      capturesOf(text(document), /npx heliograph ([a-z]+)/g)
        .filter(name => !first.has(name))
        .map(name => `${document}: there is no command "${name}"`),
    ),
  ];
}

/** Builds the program as `src/cli.ts` does, which itself cannot be loaded without running. */
async function commandNames(): Promise<readonly string[]> {
  const program = new Command();
  const registered = new Set(capturesOf(text('src/cli.ts'), /^(register\w+)\(program\);$/gm));
  for (const file of readdirSync('src/commands')) {
    const members = (await import(`../src/commands/${file}`)) as Readonly<Record<string, unknown>>;
    for (const [name, register] of Object.entries(members)) {
      if (registered.delete(name)) (register as (program: Command) => void)(program);
    }
  }
  if (program.commands.length === 0 || registered.size > 0)
    throw new Error('src/cli.ts registers its commands in a way that this check does not know.');
  return leavesOf(program, []);
}

function leavesOf(command: Command, path: readonly string[]): readonly string[] {
  if (command.commands.length === 0) return [path.join(' ')];
  return command.commands.flatMap(child => leavesOf(child, [...path, child.name()]));
}

function mentionedCommands(cell: string, known: ReadonlySet<string>): readonly string[] {
  return capturesOf(cell, /`npx heliograph ([^`]+)`/g).flatMap(line =>
    [...known].filter(name => line === name || line.startsWith(`${name} `)),
  );
}

function scriptDifferences(document: string): readonly string[] {
  const named = capturesOf(text(document), /\bnpm run ([\w:-]+)/g);
  const short = capturesOf(text(document), /\bnpm (start|test)\b/g);
  return [...new Set([...named, ...short])]
    .filter(name => manifest.scripts[name] === undefined)
    .map(name => `${document}: package.json has no script "${name}"`);
}

/** Links lead somewhere, headings included, and so do paths of this repository that stand in code quotes. */
function linkDifferences(document: string): readonly string[] {
  const links = capturesOf(withoutBlocks(document), /\]\(([^)\s]+)\)/g).filter(
    link => !/^[a-z]+:/.test(link),
  );
  const paths = capturesOf(
    withoutBlocks(document),
    /`((?:docs|examples|src|test|scripts|bench|\.ci)\/[\w./-]*)`/g,
  );
  return [
    ...links
      .filter(link => !leadsSomewhere(document, link))
      .map(link => `${document}: ${link} leads nowhere`),
    ...paths.filter(path => !existsSync(path)).map(path => `${document}: there is no ${path}`),
  ];
}

function leadsSomewhere(document: string, link: string): boolean {
  const [path = '', heading] = link.split('#', 2);
  const target = path === '' ? document : join(dirname(document), path);
  if (!existsSync(target)) return false;
  return heading === undefined || headingsOf(target).includes(heading);
}

function headingsOf(document: string): readonly string[] {
  return capturesOf(withoutBlocks(document), /^#+ (.+)$/gm).map(heading =>
    heading
      .toLowerCase()
      .replace(/[^\p{Letter}\p{Number}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

/** Operations that a document shows as such must be ones that the gateway takes. */
function operationDifferences(document: string): readonly string[] {
  const schema = buildSchema(text('schema.graphql'));
  return capturesOf(text(document), /^```graphql\n([^]*?)^```$/gm).flatMap(operation => {
    try {
      return validate(schema, parse(operation)).map(({ message }) => `${document}: ${message}`);
    } catch (error) {
      if (error instanceof GraphQLError) return [`${document}: ${error.message}`];
      throw error;
    }
  });
}

function withoutBlocks(document: string): string {
  return text(document).replace(/^```[^]*?^```$/gm, '');
}

/** The rows of every table whose first column has this heading, as trimmed cells. */
function rowsOf(document: string, heading: string): readonly (readonly string[])[] {
  const rows: (readonly string[])[] = [];
  let inside = false;
  for (const line of text(document).split('\n')) {
    const cells = line.startsWith('|')
      ? line
          .split('|')
          .slice(1, -1)
          .map(cell => cell.trim())
      : null;
    if (cells === null) inside = false;
    else if (cells[0] === heading) inside = true;
    else if (inside && !/^:?-+:?$/.test(cells[0] ?? '')) rows.push(cells);
  }
  return rows;
}

function differing(
  document: string,
  heading: string,
  expected: readonly (readonly string[])[],
  actual: readonly (readonly string[])[],
): readonly string[] {
  const lineOf = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const [wanted, found] = [expected.map(lineOf), actual.map(lineOf)];
  return [
    ...wanted
      .filter(line => !found.includes(line))
      .map(line => `${document}: the table "${heading}" lacks ${line}`),
    ...found.filter(line => !wanted.includes(line)).map(line => `${document}: the code does not say ${line}`),
  ];
}

function setDifferences(
  document: string,
  what: string,
  known: ReadonlySet<string>,
  told: ReadonlySet<string>,
): readonly string[] {
  return [
    ...[...known].filter(name => !told.has(name)).map(name => `${document}: the ${what} ${name} is missing`),
    ...[...told].filter(name => !known.has(name)).map(name => `${document}: there is no ${what} ${name}`),
  ];
}

function capturesOf(content: string, pattern: RegExp): readonly string[] {
  return [...content.matchAll(pattern)].map(match => match[1] ?? '');
}

void main();
