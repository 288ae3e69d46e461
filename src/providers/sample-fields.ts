import { looseObject } from 'zod';
import { type Fields } from './fields';
import { readJson } from './json-body';
import { type RawRequest, type Sample } from './provider.kinds';
import { isJson } from './raw-request';

/** The request that a gateway gets where this sample is sent to it. */
export function asRequest({ method, url, headers, body }: Sample): RawRequest {
  const values = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), [value]] as const);
  return { method, url, rest: [], headers: new Map(values), body: Buffer.from(body) };
}

/** The sample with more fields where it has its own: in the address, the form or the JSON object. */
export function withFields(sample: Sample, more: Fields['entries']): Sample {
  const added = new URLSearchParams(more.map(([name, value]): [string, string] => [name, value])).toString();
  if (sample.method === 'GET')
    return { ...sample, url: `${sample.url}${sample.url.includes('?') ? '&' : '?'}${added}` };
  const request = asRequest(sample);
  if (!isJson(request)) return { ...sample, body: sample.body === '' ? added : `${sample.body}&${added}` };
  const json = readJson(request);
  const object = 'value' in json ? looseObject({}).safeParse(json.value).data : undefined;
  return object === undefined
    ? sample
    : { ...sample, body: JSON.stringify({ ...object, ...Object.fromEntries(more) }) };
}
