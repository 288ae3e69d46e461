import { bytesOf, type HeaderLines, type WireRequest } from './wire';

/** One request that nobody means well with, and what must come of it. */
export interface HostileCase {
  readonly name: string;
  /** All that is sent on one connection. */
  readonly bytes: Buffer;
  /** Of each answer in turn: its status, and the code of its first error; null where there is none. */
  readonly answers: readonly (readonly [status: number, code: string | null])[];
}

/** Stands in a place of a request; an error never repeats it. */
export const MARKER = 'c4n4ry';

type Answer = readonly [status: number, code: string | null];

/** Cases by name, each sent with the token. */
export function casesOf(
  authorization: string,
  cases: Readonly<Record<string, readonly [WireRequest | Buffer, ...Answer[]]>>,
): readonly HostileCase[] {
  return Object.entries(cases).map(([name, [request, ...answers]]) => {
    const bytes = Buffer.isBuffer(request) ? request : bytesOf(authorized(request, authorization));
    return { name, bytes, answers };
  });
}

function authorized(request: WireRequest, authorization: string): WireRequest {
  const headers: HeaderLines = request.headers ?? [];
  const isGiven = headers.some(([name]) => name.toLowerCase() === 'authorization');
  return isGiven ? request : { ...request, headers: [['authorization', authorization], ...headers] };
}
