import { readFileSync, statSync } from 'node:fs';
import { parseDocument, visit } from 'yaml';
import { array, looseObject, unknown } from 'zod';
import { type Config, ConfigError } from '../../platform/config';
import { type ConfiguredProvider } from '../kind';
import { KINDS } from '../registry';
import { filledIn } from './filled-in.rules';
import { ProviderCheck } from './provider-check';

/** Bytes: a thousand providers take less. */
const MAX_FILE_BYTES = 1_000_000;

/**
 * Reads the file that sets up the data providers, in the order in which it names them. None without a file.
 * @param environment where `${NAME}` is looked up.
 * @throws ConfigError with everything that is wrong with it, a line each; no line holds a value.
 */
export function readProviders(
  { providersFile, publicUrl }: Pick<Config, 'providersFile' | 'publicUrl'>,
  environment: NodeJS.ProcessEnv,
): readonly ConfiguredProvider[] {
  if (providersFile === null) return [];
  return checkProviders(textOf(providersFile), publicUrl, environment);
}

/** The same for the text of such a file. */
export function checkProviders(
  text: string,
  publicUrl: string | null,
  environment: NodeJS.ProcessEnv,
): readonly ConfiguredProvider[] {
  const { value, problems } = filledIn(yamlOf(text), environment);
  const root = rootSchema.safeParse(value);
  if (!root.success) throw wrong(root.error.issues.map(({ message }) => message));
  const unset = new Set(problems.map(({ path }) => path.join('.')));
  const check = new ProviderCheck(KINDS, publicUrl);
  const providers = root.data.providers.map((given, index) =>
    check.provider(given, ['providers', String(index)]),
  );
  const all = [
    ...problems,
    // What a missing variable leaves behind is no second problem.
    ...check.problems.filter(({ path }) => !unset.has(path.join('.'))),
  ];
  if (all.length > 0) throw wrong(all.map(({ path, message }) => `${path.join('.')} ${message}`));
  return providers.filter(provider => provider !== null);
}

const rootSchema = looseObject(
  { providers: array(unknown(), { error: 'must hold a list "providers"' }) },
  { error: 'must hold a list "providers"' },
).refine(root => Object.keys(root).length === 1, { error: 'must hold nothing but a list "providers"' });

function textOf(file: string): string {
  try {
    if (statSync(file).size > MAX_FILE_BYTES) throw wrong(['is larger than 1 MB']);
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    throw wrong([`cannot be read (${code})`]);
  }
}

/** What the parser says of an error quotes the line, which may hold a secret: only its place and code are told. */
function yamlOf(text: string): unknown {
  const document = parseDocument(text, { prettyErrors: true, logLevel: 'silent' });
  if (document.errors.length > 0) {
    throw wrong(
      document.errors.map(
        ({ code, linePos }) =>
          `is no YAML at line ${linePos?.[0].line ?? 1} (${code}); between [ and ] a "\${NAME}" stands in quotes`,
      ),
    );
  }
  visit(document, {
    Alias() {
      throw wrong(['must hold no alias (*name): write out what it stands for']);
    },
  });
  return document.toJS();
}

function wrong(problems: readonly string[]): ConfigError {
  return new ConfigError([...new Set(problems)].map(problem => `PROVIDERS_FILE: ${problem}`));
}
