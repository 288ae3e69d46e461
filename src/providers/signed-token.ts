import { verify, sign, type JwtPayload, type VerifyOptions } from 'jsonwebtoken';

/** Clocks of services and gateways differ by this much at most. */
const CLOCK_TOLERANCE_SECONDS = 60;

/** What a token must say beside a right signature. */
export interface TokenDemands {
  readonly issuer?: string;
  readonly audience?: string;
  /** How long after its issue it holds; null where the token itself says until when, and must. */
  readonly maxAgeSeconds: number | null;
}

/**
 * What a JSON Web Token says that one of the secrets has signed by HS256, the only algorithm that is taken: a token
 * cannot choose another, nor none.
 * @returns null where it is not signed so, is not what is demanded, or does not hold now.
 */
export function provenClaims(
  token: string,
  secrets: readonly string[],
  demands: TokenDemands,
  now: Date,
): JwtPayload | null {
  // All are tried: the time does not tell which fits.
  const found = secrets.map(secret => claimsBy(token, secret, demands, now));
  return found.find(claims => claims !== null && holds(claims, demands, now)) ?? null;
}

/** @param claims With the time of issue, `iat`, in seconds. */
export function signedToken(claims: JwtPayload & { readonly iat: number }, secret: string): string {
  return sign(claims, secret, { algorithm: 'HS256' });
}

function claimsBy(token: string, secret: string, demands: TokenDemands, now: Date): JwtPayload | null {
  const options: VerifyOptions = {
    algorithms: ['HS256'],
    clockTimestamp: seconds(now),
    clockTolerance: CLOCK_TOLERANCE_SECONDS,
    ...(demands.issuer !== undefined && { issuer: demands.issuer }),
    ...(demands.audience !== undefined && { audience: demands.audience }),
  };
  try {
    const claims = verify(token, secret, options);
    return typeof claims === 'string' ? null : claims;
  } catch {
    // It says no by throwing, and the reason names what the token holds.
    return null;
  }
}

function holds(claims: JwtPayload, { maxAgeSeconds }: TokenDemands, now: Date): boolean {
  const { iat, exp } = claims;
  if (typeof iat !== 'number' || iat > seconds(now) + CLOCK_TOLERANCE_SECONDS) return false;
  return maxAgeSeconds === null ? typeof exp === 'number' : iat >= seconds(now) - maxAgeSeconds;
}

function seconds(date: Date): number {
  return Math.floor(date.getTime() / 1000);
}
