import { setTimeout as delay } from 'node:timers/promises';

export const ADMIN_TOKEN = 'a-token-for-tests-only';

/** Before something is asked again, in milliseconds: far less than Retry-After asks for. */
const PAUSE_MS = 25;

/** What came back for one operation. */
export interface Answer {
  /** 0 where nobody answered. */
  readonly status: number;
  readonly retryAfter: string | null;
  /** Of the first error; null where there is none. */
  readonly code: string | null;
  readonly data: unknown;
  readonly beganMs: number;
  readonly tookMs: number;
  /** Whether the same was asked before, and got no answer, or none that settled it. */
  readonly isRepeated: boolean;
}

/** Somebody who asks one thing after the other, and another gateway when the present one is silent. */
export class Client {
  /** @param note is told of every answer. */
  constructor(
    private readonly gateways: readonly string[],
    private at: number,
    private readonly note: (answer: Answer) => void,
  ) {}

  async ask(query: string, variables: object, isRepeated = false): Promise<Answer> {
    const url = this.gateways[this.at % this.gateways.length] ?? '';
    const beganMs = performance.now();
    const came = await post(url, { query, variables }).catch(() => NOTHING);
    if (came.status === 0) this.at += 1;
    const answer = { ...came, beganMs, tookMs: performance.now() - beganMs, isRepeated };
    this.note(answer);
    return answer;
  }

  /** Asks for the same until it is done. */
  async insist<Data>(query: string, variables: object): Promise<Data> {
    for (let isRepeated = false; ; isRepeated = true) {
      const { data } = await this.ask(query, variables, isRepeated);
      if (data !== null) return data as Data;
      await delay(PAUSE_MS);
    }
  }
}

const NOTHING = { status: 0, retryAfter: null, code: null, data: null };

async function post(
  url: string,
  body: object,
): Promise<Pick<Answer, 'status' | 'retryAfter' | 'code' | 'data'>> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${ADMIN_TOKEN}` },
    body: JSON.stringify(body),
  });
  const { data, errors } = (await response.json()) as {
    readonly data?: unknown;
    readonly errors?: readonly { readonly extensions: { readonly code: string } }[];
  };
  return {
    status: response.status,
    retryAfter: response.headers.get('retry-after'),
    code: errors?.[0]?.extensions.code ?? null,
    data: data ?? null,
  };
}
