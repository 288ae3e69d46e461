import { type Setting, type SettingName, SETTINGS } from '../platform/setting.kinds';
import { EXIT_CODES } from './failure';

export interface Help {
  /** What the option list cannot say, as paragraphs. */
  readonly notes?: readonly string[];
  /** Command lines to try, without the `heliograph` before them, each with what it does. */
  readonly examples: readonly (readonly [commandLine: string, what: string])[];
  /** The settings that change what the command does. */
  readonly settings: readonly SettingName[];
}

/** What follows the options in a command's `--help`; the settings are told from the one table of settings. */
export function helpText({ notes = [], examples, settings }: Help): string {
  const blocks = [
    ...notes,
    section(
      'Examples:',
      examples.map(([commandLine, what]) => `# ${what}\n  heliograph ${commandLine}`),
    ),
    section('Environment:', columns(settings.map(name => [name, describe(name)]))),
    section(
      'Exit codes:',
      columns([
        [String(EXIT_CODES.done), 'done'],
        [String(EXIT_CODES.failed), 'failed, or a setting is wrong; standard error says why'],
        [String(EXIT_CODES.wrongUsage), 'the command line is wrong'],
      ]),
    ),
  ];
  return `\n${blocks.join('\n\n')}`;
}

function section(title: string, lines: readonly string[]): string {
  return [title, ...lines.map(line => `  ${line}`)].join('\n');
}

function columns(rows: readonly (readonly [string, string])[]): readonly string[] {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `${left.padEnd(width)}  ${right}`);
}

function describe(name: SettingName): string {
  const setting: Setting | undefined = SETTINGS.find(candidate => candidate.name === name);
  if (setting === undefined) return '';
  const { meaning, default: usual, defaultInProduction } = setting;
  if (usual === null) return meaning;
  const production =
    defaultInProduction === undefined ? '' : `, ${defaultInProduction} when NODE_ENV=production`;
  return `${meaning} (default: ${usual}${production})`;
}
