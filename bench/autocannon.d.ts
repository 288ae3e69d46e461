// The part of autocannon that the benchmark uses; the package brings no types.
declare module 'autocannon' {
  import { type EventEmitter } from 'node:events';

  interface Client {
    /** What this connection sends, one after the other and over again. */
    setRequests(requests: readonly { readonly body: string }[]): void;
  }

  interface Options {
    readonly url: string;
    readonly method: 'POST';
    readonly headers: Readonly<Record<string, string>>;
    readonly connections: number;
    /** In seconds. */
    readonly duration: number;
    /** Between two looks at the clock, in milliseconds: a run ends at one. */
    readonly sampleInt: number;
    readonly setupClient: (client: Client) => void;
    readonly verifyBody?: (body: string) => boolean;
  }

  interface Result {
    /** Connections that broke, and requests without an answer. */
    readonly errors: number;
    readonly mismatches: number;
    readonly non2xx: number;
  }

  /** Emits `response` with client, status, bytes and milliseconds. */
  export default function autocannon(options: Options): EventEmitter & PromiseLike<Result>;
}
