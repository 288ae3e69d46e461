import { INSTANT_EXPECTED, parseInstant } from './instant';

/** Tells what is wrong with a value, as the rest of a sentence that begins with its path. */
export type Report = (message: string, ...path: string[]) => void;

/** Turns a JSON value into what a field holds; `undefined` after it has reported why that cannot be done. */
export type Reader = (value: unknown, report: Report) => unknown;

/**
 * Reads the fields of a JSON object by a table; what is neither in it nor derived is reported.
 * @param what names the object in a sentence: "a message".
 */
export function readFields(
  json: object,
  what: string,
  readers: Readonly<Record<string, Reader>>,
  derived: ReadonlySet<string>,
  report: Report,
): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  let name = '';
  // One for all fields: a file has as many of them as an import has work.
  const reportField: Report = (message, ...path) => report(message, name, ...path);
  for (name of Object.keys(json)) {
    // Own properties only: `constructor` and `__proto__` are names like any other that is not known.
    const reader = Object.hasOwn(readers, name) ? readers[name] : undefined;
    if (reader !== undefined) {
      const field = reader((json as Record<string, unknown>)[name], reportField);
      if (field !== undefined) fields[name] = field;
    } else if (!derived.has(name)) {
      report(`${shown(name)} is not a field of ${what}`);
    }
  }
  return fields;
}

export function isJsonObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Ids come as texts or, as GraphQL's `ID` does too, as numbers. */
export function reference(value: unknown): unknown {
  return Number.isSafeInteger(value) ? String(value) : value;
}

export function instant(value: unknown, report: Report): unknown {
  return parseInstant(value) ?? refused(report, INSTANT_EXPECTED);
}

export function trueOrFalse(value: unknown, report: Report): unknown {
  return typeof value === 'boolean' ? value : refused(report, 'must be true or false');
}

export function text(value: unknown, report: Report): unknown {
  return typeof value === 'string' ? value : refused(report, 'must be a text');
}

export function oneOf(values: readonly string[]): Reader {
  return (value, report) =>
    values.includes(value as string) ? value : refused(report, `must be one of ${values.join(', ')}`);
}

export function orNull(reader: Reader): Reader {
  return (value, report) => (value === null ? null : reader(value, report));
}

export function refused(report: Report, message: string): unknown {
  report(message);
  return undefined;
}

const MAX_SHOWN_NAME_LENGTH = 40;
const UNSHOWABLE = /[\p{Control}\p{Format}\p{Surrogate}\p{Line_Separator}\p{Paragraph_Separator}]/gu;

/** A name that a line brought, fit for a terminal. */
function shown(name: string): string {
  const characters = Array.from(name.slice(0, 2 * MAX_SHOWN_NAME_LENGTH + 2).replace(UNSHOWABLE, '\ufffd'));
  const cut = characters.slice(0, MAX_SHOWN_NAME_LENGTH).join('');
  return `"${cut}${characters.length > MAX_SHOWN_NAME_LENGTH ? '…' : ''}"`;
}
