/** A value with the names in its texts filled in, and what stood in the way. */
export interface FilledIn {
  readonly value: unknown;
  /** Each with the path to it; never a value. */
  readonly problems: readonly { readonly path: readonly string[]; readonly message: string }[];
}

/**
 * Puts variables of the environment in the place of `${NAME}` in every text of a value; `$${` stands for `${`. What a
 * variable holds is taken as it is, whatever it looks like.
 */
export function filledIn(value: unknown, environment: Environment, path: readonly string[] = []): FilledIn {
  if (typeof value === 'string') return filledText(value, environment, path);
  if (typeof value !== 'object' || value === null) return { value, problems: [] };
  const parts = Object.entries(value).map(
    ([name, inner]) => [name, filledIn(inner, environment, [...path, name])] as const,
  );
  const problems = parts.flatMap(([, part]) => part.problems);
  const filled = parts.map(([name, part]) => [name, part.value] as const);
  return {
    value: Array.isArray(value) ? filled.map(([, part]) => part) : Object.fromEntries(filled),
    problems,
  };
}

type Environment = Readonly<Record<string, string | undefined>>;

const NAMED = /\$\$\{|\$\{([^}]*)\}?/g;
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

function filledText(text: string, environment: Environment, path: readonly string[]): FilledIn {
  const problems: { path: readonly string[]; message: string }[] = [];
  const value = text.replace(NAMED, (found, name: string | undefined) => {
    if (name === undefined) return '${';
    const given = NAME.test(name) && found.endsWith('}') ? environment[name] : undefined;
    if (given !== undefined && given !== '') return given;
    // What is no name may be part of a secret.
    const message =
      NAME.test(name) && found.endsWith('}')
        ? `needs the variable ${name} of the environment, which is not set`
        : 'holds ${ without a name and } behind it; $${ stands for the signs themselves';
    problems.push({ path, message });
    return '';
  });
  return { value, problems };
}
