import { type TypedDocumentNode } from '@graphql-typed-document-node/core';
import { type DocumentNode, getOperationAST, OperationTypeNode, print } from 'graphql';
import { type MessageStatus } from './generated';

export interface Client {
  /**
   * Carries out an operation. A request that the gateway could not serve just now (HTTP 503) is sent once more after
   * the time that the gateway names, if that is safe: a query, or a mutation with an `idempotencyKey` among its variables.
   * @throws HeliographError where the answer holds an error, or is none.
   */
  request<Data, Variables extends object>(
    document: TypedDocumentNode<Data, Variables>,
    variables: Variables,
  ): Promise<Data>;
}

/** What the gateway refused, in a form to act on. */
export class HeliographError extends Error {
  constructor(
    message: string,
    /** Stable: `BAD_USER_INPUT`, `NOT_FOUND`, `CONFLICT`, … New ones may come; treat an unknown one as a failure. */
    readonly code: string,
    /** With BAD_USER_INPUT: every problem of the input, each with the way to it from the argument on. */
    readonly issues: readonly Issue[] = [],
    /** With INVALID_STATUS_TRANSITION: where the message may go instead. */
    readonly allowed: readonly MessageStatus[] = [],
  ) {
    super(message);
    this.name = 'HeliographError';
  }
}

export interface Issue {
  readonly path: readonly string[];
  readonly message: string;
}

/** @param url of the API, such as `http://127.0.0.1:4000/graphql`. */
export function createClient({ url, token }: { readonly url: string; readonly token: string }): Client {
  const send = (body: string): Promise<Response> =>
    fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body,
    });
  return {
    request: async (document, variables) => {
      const body = JSON.stringify({ query: print(document), variables });
      let response = await send(body);
      const waitMs = retryAfterMs(response);
      if (waitMs !== undefined && isSafeToRepeat(document, variables)) {
        await new Promise(resolve => setTimeout(resolve, waitMs));
        response = await send(body);
      }
      return readData(response);
    },
  };
}

/** Nobody waits longer than this, in milliseconds, for a second attempt. */
const MAX_WAIT_MS = 10_000;

function retryAfterMs({ status, headers }: Response): number | undefined {
  const waitMs = Number(headers.get('retry-after') ?? Infinity) * 1_000;
  return status === 503 && waitMs <= MAX_WAIT_MS ? waitMs : undefined;
}

function isSafeToRepeat(document: DocumentNode, variables: object): boolean {
  if (getOperationAST(document)?.operation === OperationTypeNode.QUERY) return true;
  return 'idempotencyKey' in variables && typeof variables.idempotencyKey === 'string';
}

interface Answer<Data> {
  readonly data?: Data | null;
  readonly errors?: readonly {
    readonly message: string;
    readonly extensions: Pick<HeliographError, 'code'> & Partial<Pick<HeliographError, 'issues' | 'allowed'>>;
  }[];
}

async function readData<Data>(response: Response): Promise<Data> {
  const { data, errors } = await readAnswer<Data>(response);
  const [error] = errors ?? [];
  if (error !== undefined) {
    const { code, issues, allowed } = error.extensions;
    throw new HeliographError(error.message, code, issues, allowed);
  }
  if (data === undefined || data === null) throw noAnswer(response);
  return data;
}

/** What stands between a client and the gateway may answer with a page of its own. */
async function readAnswer<Data>(response: Response): Promise<Answer<Data>> {
  try {
    return (await response.json()) as Answer<Data>;
  } catch {
    throw noAnswer(response);
  }
}

function noAnswer({ status }: Response): HeliographError {
  return new HeliographError(`HTTP ${status} without an answer of the gateway.`, 'NO_ANSWER');
}
