// What is used of packages that are installed in bench/ only: the code is checked without them.
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
    /** In seconds; it or `amount`. */
    readonly duration?: number;
    /** Requests of all connections together. */
    readonly amount?: number;
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

declare module 'mercurius' {
  import { type FastifyPluginAsync } from 'fastify';

  interface Options {
    readonly schema: string;
    readonly resolvers: object;
    readonly loaders: object;
    /** After how often a query is compiled when it comes again. */
    readonly jit: number;
  }

  const mercurius: FastifyPluginAsync<Options>;
  export default mercurius;
}

declare module 'postgraphile' {
  import { type Server } from 'node:http';

  interface Served {
    addTo(server: Server): Promise<void>;
  }

  export type Grafserv = (config: unknown) => Served;

  interface Instance {
    createServ(grafserv: Grafserv): Served;
  }

  export function postgraphile(preset: object): Instance;
}

declare module 'postgraphile/adaptors/pg' {
  interface Service {
    readonly connectionString: string;
    readonly schemas: readonly string[];
  }

  export function makePgService(service: Service): object;
}

declare module 'postgraphile/grafserv/node' {
  import { type Grafserv } from 'postgraphile';

  export const grafserv: Grafserv;
}

declare module 'postgraphile/presets/amber' {
  export const PostGraphileAmberPreset: object;
}
