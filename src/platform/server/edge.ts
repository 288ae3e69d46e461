import { type GraphQLSchema } from 'graphql';
import { type Logger } from 'pino';
import { type Allowance } from '../allowance';
import { type Config } from '../config';
import { type Deadline } from '../deadline';
import { type ReadyExamples } from './explorer';
import { type OperationCheck } from './operation-steps';
import { type RawRoutes } from './raw-route';

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
  readonly allowance: Allowance;
}

/** What a request tells about itself beside its operation. */
export interface RequestInfo {
  readonly requestId: string;
  /** The caller's IP address, as trusted proxies report it. */
  readonly address: string;
}

/** The settings that the server itself needs, as `Config` describes them. */
type ServerSettings = Pick<
  Config,
  | 'explorer'
  | 'corsOrigins'
  | 'trustedProxies'
  | 'rateLimitPerMinute'
  | 'wrongTokensPerMinute'
  | 'maxRunning'
  | 'maxWaiting'
  | 'executionTimeoutMs'
  | 'maxBodyBytes'
  | 'queryLimits'
>;

export interface ServerOptions<V extends Caller, C extends EdgeContext> extends ServerSettings {
  readonly schema: GraphQLSchema;
  readonly log: Logger;
  /** @throws Refusal UNAUTHENTICATED where the header holds no token that is good now. */
  readonly authenticate: (header: string | undefined, address: string, deadline: Deadline) => Promise<V>;
  /** @param allowance with the deadline and the budget of a request; the context holds it, or one that allows more. */
  readonly contextFor: (viewer: V, request: RequestInfo, allowance: Allowance) => C | Promise<C>;
  /** Whether requests can be served: the store is reachable and migrated. A rejection means no. */
  readonly isReady: (deadline: Deadline) => Promise<boolean>;
  /** What stands ready in the Sandbox. */
  readonly examples: ReadyExamples;
  /** What is served beside the API. */
  readonly rawRoutes?: RawRoutes | undefined;
  /** They run before the server's own, so that access is refused before input is judged. */
  readonly checks?: readonly OperationCheck<C>[];
}
