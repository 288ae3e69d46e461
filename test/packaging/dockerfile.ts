/** One instruction of a Dockerfile: `COPY --from=build /app/dist dist`. */
export interface Instruction {
  readonly name: InstructionName;
  /** What stands before the first word, as `{ from: 'build' }`. */
  readonly flags: ReadonlyMap<string, string>;
  readonly text: string;
}

export interface Stage {
  /** Empty for one without a name. */
  readonly name: string;
  /** A stage before it, or the name of an image. */
  readonly from: string;
  readonly instructions: readonly Instruction[];
}

const NAMES = [
  ...['FROM', 'WORKDIR', 'COPY', 'RUN', 'ENV', 'VOLUME', 'USER', 'EXPOSE', 'STOPSIGNAL', 'HEALTHCHECK'],
  ...['ENTRYPOINT', 'CMD'],
] as const;
type InstructionName = (typeof NAMES)[number];

/**
 * Reads the part of the language that this project uses: no variables, no here-documents, no parser directives.
 * @throws Error at anything else, so that nothing of the file is passed over.
 */
export function readDockerfile(text: string): readonly Stage[] {
  const stages: (Stage & { readonly instructions: Instruction[] })[] = [];
  for (const instruction of linesOf(text).map(instructionOf)) {
    if (instruction.name === 'FROM') {
      const [, from = '', name = ''] = match(/^(\S+)(?: AS (\S+))?$/, instruction.text);
      stages.push({ name, from, instructions: [] });
    } else {
      const stage = stages.at(-1);
      if (stage === undefined) throw new Error(`${instruction.name} stands before FROM.`);
      stage.instructions.push(instruction);
    }
  }
  return stages;
}

/** `["node", "dist/cli.js"]`: without a shell, which would not hand a signal on. */
export function commandOf(text: string): readonly string[] {
  const [, list = ''] = match(/^(\[.*\])$/, text);
  return JSON.parse(list) as readonly string[];
}

/** `NODE_ENV=production PORT=4000` */
export function variablesOf(text: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    text.split(' ').map(assignment => {
      const [, name = '', value = ''] = match(/^(\w+)=([^"'$\\]+)$/, assignment);
      return [name, value];
    }),
  );
}

/** The start of a text that must have a form. */
export function match(form: RegExp, text: string): readonly string[] {
  const found = form.exec(text);
  if (found === null) throw new Error(`This reader of Dockerfiles does not know: ${text}`);
  return found;
}

/** Without comments, and with what a backslash breaks put together. */
function linesOf(text: string): readonly string[] {
  return text
    .split('\n')
    .filter(line => !line.startsWith('#'))
    .join('\n')
    .replace(/\\\n\s*/g, '')
    .split('\n')
    .filter(line => line.trim() !== '');
}

function instructionOf(line: string): Instruction {
  const [, name = '', flags = '', text = ''] = match(/^([A-Z]+) ((?:--\S+ +)*)(.+)$/, line);
  const known = NAMES.find(candidate => candidate === name);
  if (known === undefined) throw new Error(`This reader of Dockerfiles does not know ${name}.`);
  const pairs = [...flags.matchAll(/--([^=\s]+)=(\S+)/g)].map(
    ([, flag = '', value = '']) => [flag, value] as const,
  );
  return { name: known, flags: new Map(pairs), text };
}
