import rateLimit, { normalizeIP } from '@fastify/rate-limit';
import { type FastifyInstance, type FastifyRequest, type onRequestAsyncHookHandler } from 'fastify';
import { Deadline } from '../deadline';
import { Refusal } from '../errors';
import { type Caller, type ServerOptions } from './edge';
import { HttpRefusal } from './http-answer';

/** A minute's requests come in six windows, so that a burst may be a sixth of them. */
const WINDOWS_PER_MINUTE = 6;
const MINUTE_MS = 60_000;

/** Callers remembered at a time; the one not seen for longest is forgotten first. */
const MAX_CALLERS = 20_000;

const VIEWER = 'viewer';

/** Who asks, and whether they may ask now. */
export interface Admission<V extends Caller> {
  /** For a route's `onRequest`; a rate limit, where there is one, comes after it. */
  readonly authenticate: onRequestAsyncHookHandler;
  /** For a route's `config`. */
  readonly rateLimit: RateLimitConfig;
  readonly viewerOf: (request: FastifyRequest) => V;
}

type RateLimitConfig = NonNullable<NonNullable<FastifyRequest['routeOptions']['config']>['rateLimit']>;

type AdmissionOptions<V extends Caller> = Pick<
  ServerOptions<V, never>,
  'authenticate' | 'executionTimeoutMs' | 'rateLimitPerMinute' | 'wrongTokensPerMinute'
>;

/** Prepares a server to tell its callers apart; the routes choose what of it they want. */
export async function admit<V extends Caller>(
  app: FastifyInstance,
  options: AdmissionOptions<V>,
): Promise<Admission<V>> {
  await app.register(rateLimit, { global: false });
  app.decorateRequest(VIEWER, null);
  const countWrongToken = wrongTokenLimit(app, options.wrongTokensPerMinute);
  const viewerOf = (request: FastifyRequest): V => request.getDecorator<V>(VIEWER);

  async function authenticate(request: FastifyRequest): Promise<void> {
    try {
      const deadline = Deadline.in(options.executionTimeoutMs);
      const viewer = await options.authenticate(request.headers.authorization, request.ip, deadline);
      request.setDecorator(VIEWER, viewer);
    } catch (error) {
      // Only wrong tokens are counted and held back: a good one behind the same address is let through.
      if (error instanceof Refusal && error.code === 'UNAUTHENTICATED') {
        const count = await countWrongToken?.(request);
        if (count?.isAllowed === false && count.isExceeded) throw tooMany('Too many wrong tokens', count.ttl);
      }
      throw error;
    }
  }

  return { authenticate, rateLimit: rateLimitOf(options.rateLimitPerMinute, viewerOf), viewerOf };
}

function wrongTokenLimit(
  app: FastifyInstance,
  perMinute: number | null,
): ReturnType<FastifyInstance['createRateLimit']> | undefined {
  if (perMinute === null) return undefined;
  return app.createRateLimit({
    max: perMinute,
    timeWindow: MINUTE_MS,
    keyGenerator: ({ ip }) => normalizeIP(ip),
  });
}

function rateLimitOf(
  perMinute: number | null,
  viewerOf: (request: FastifyRequest) => Caller,
): RateLimitConfig {
  if (perMinute === null) return false;
  // Fewer than one for each window cannot be parted: then the minute is the window.
  const windows = perMinute < WINDOWS_PER_MINUTE ? 1 : WINDOWS_PER_MINUTE;
  return {
    max: Math.ceil(perMinute / windows),
    timeWindow: MINUTE_MS / windows,
    cache: MAX_CALLERS,
    // Whoever has one address of IPv6 has a network of them, so those count together.
    keyGenerator: request => {
      const { isAnonymous, key } = viewerOf(request);
      return isAnonymous ? normalizeIP(request.ip) : key;
    },
    errorResponseBuilder: (_, { ttl }) => tooMany('Too many requests', ttl),
  };
}

function tooMany(what: string, ttlMs: number): HttpRefusal {
  const seconds = Math.max(1, Math.ceil(ttlMs / 1_000));
  return new HttpRefusal(429, `${what}; try again in ${seconds} s.`, 'RATE_LIMITED', {
    'retry-after': String(seconds),
  });
}
