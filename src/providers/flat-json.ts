import { looseObject } from 'zod';
import { Fields } from './fields';
import { readJson } from './json-body';
import { type RawRequest } from './provider.kinds';

/** The fields of a body that is a JSON object without others in it, as if they had come in a form; null for any other. */
export function flatJsonFields(request: RawRequest): Fields | null {
  const json = readJson(request);
  const object = 'value' in json ? looseObject({}).safeParse(json.value).data : undefined;
  if (object === undefined) return null;
  const given = Object.entries(object).filter(([, value]) => value !== null);
  const entries = given.map(([name, value]) => [name, textOf(value)] as const);
  return entries.every(isText) ? Fields.of(entries) : null;
}

function textOf(value: unknown): string | null {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : null;
}

function isText(entry: readonly [string, string | null]): entry is readonly [string, string] {
  return entry[1] !== null;
}
