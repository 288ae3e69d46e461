import { type ApolloServerPlugin } from '@apollo/server';
import { type GraphQLSchema } from 'graphql';
import { type Logger } from 'pino';
import { type QueryLimits } from '../query-limits';
import { type ReadyExamples } from './explorer';

/** As much of a caller as the server itself needs to know. */
export interface Caller {
  /** What counts as one caller for the rate limit. */
  readonly key: string;
  readonly isAnonymous: boolean;
}

/** What every request's context holds, whatever else the resolvers find in it. */
export interface EdgeContext {
  readonly viewer: Caller;
  /** Sent back as `X-Request-Id`, and what the log names a failure by. */
  readonly requestId: string;
}

/** What a request tells about itself beside its operation. */
export interface RequestInfo {
  readonly requestId: string;
  /** The caller's IP address, as trusted proxies report it. */
  readonly address: string;
}

export interface ServerOptions<V extends Caller, C extends EdgeContext> {
  readonly schema: GraphQLSchema;
  readonly log: Logger;
  /** @throws Refusal UNAUTHENTICATED where the header holds no token that is good now. */
  readonly authenticate: (header: string | undefined, address: string) => Promise<V>;
  readonly contextFor: (viewer: V, request: RequestInfo) => C | Promise<C>;
  /** Whether requests can be served: the store is reachable and migrated. A rejection means no. */
  readonly isReady: () => Promise<boolean>;
  /** The Sandbox page, introspection for everyone, hints in errors. */
  readonly explorer: boolean;
  /** What stands ready in the Sandbox. */
  readonly examples: ReadyExamples;
  /** As browsers send them in `Origin`; empty for none. */
  readonly corsOrigins: readonly string[];
  /** Addresses and ranges of proxies whose forwarded address counts; empty for none. */
  readonly trustedProxies: readonly string[];
  /** Requests a minute per caller; null for no limit. */
  readonly rateLimitPerMinute: number | null;
  /** Requests with a wrong token a minute per address; null for no limit. */
  readonly wrongTokensPerMinute: number | null;
  /** Requests that run at the same time. */
  readonly maxRunning: number;
  /** Requests that wait for those to end. */
  readonly maxWaiting: number;
  readonly executionTimeoutMs: number;
  readonly maxBodyBytes: number;
  readonly queryLimits: QueryLimits;
  /** They run before the server's own, so that access is refused before input is judged. */
  readonly plugins?: readonly ApolloServerPlugin<C>[];
}
