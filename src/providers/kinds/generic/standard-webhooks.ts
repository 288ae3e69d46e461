import { createHmac } from 'node:crypto';
import { type RawRequest } from '../../provider.kinds';
import { onlyHeader } from '../../raw-request';
import { sameText, someFits } from '../../secrets';

/**
 * Signatures as https://www.standardwebhooks.com describes them: HMAC-SHA256 over id, time and body, by a secret that is
 * told as `whsec_` and base64, or as plain text.
 */

/** Seconds by which the time of a signature may differ from ours, either way. */
const TOLERANCE_S = 300;

/** Signatures of one request: while a secret is changed there are two. */
const MAX_SIGNATURES = 8;

export function signatureDoubt(request: RawRequest, secrets: readonly string[], now: Date): string | null {
  const id = webhookId(request);
  const timestamp = onlyHeader(request, 'webhook-timestamp');
  const signatures = onlyHeader(request, 'webhook-signature');
  if (id === null || timestamp === null || signatures === null) {
    return 'webhook-id, webhook-timestamp and webhook-signature must be there, each once';
  }
  if (!/^\d{1,11}$/.test(timestamp)) return 'webhook-timestamp is no number of seconds';
  const aheadS = Number(timestamp) - Math.floor(now.getTime() / 1_000);
  if (Math.abs(aheadS) > TOLERANCE_S) return `webhook-timestamp lies too far in the ${pastOrFuture(aheadS)}`;
  const given = signatures.split(' ', MAX_SIGNATURES);
  const isRight = someFits(secrets, secret => {
    const expected = sign(secret, id, timestamp, request.body);
    // As texts: two texts of base64 can stand for the same bytes.
    return someFits(given, signature => sameText(signature, expected));
  });
  return isRight ? null : 'webhook-signature is of another secret, or of another request';
}

/** By which a request is known when it comes again. */
export function webhookId(request: RawRequest): string | null {
  return onlyHeader(request, 'webhook-id');
}

/** The value of `webhook-signature`. */
export function sign(secret: string, id: string, timestamp: string, body: Buffer): string {
  const hmac = createHmac('sha256', keyOf(secret)).update(`${id}.${timestamp}.`).update(body);
  return `v1,${hmac.digest('base64')}`;
}

/** Why a secret cannot be one, as the rest of a sentence that begins with it; null where it can. */
export function secretProblem(secret: string): string | null {
  if (!secret.startsWith(PREFIX)) return null;
  const isKey = /^[\w+/-]+={0,2}$/.test(secret.slice(PREFIX.length)) && keyOf(secret).length >= MIN_KEY_BYTES;
  return isKey ? null : `must hold at least ${MIN_KEY_BYTES} bytes in base64 behind ${PREFIX}`;
}

const PREFIX = 'whsec_';
const MIN_KEY_BYTES = 16;

function keyOf(secret: string): Buffer {
  return secret.startsWith(PREFIX)
    ? Buffer.from(secret.slice(PREFIX.length), 'base64')
    : Buffer.from(secret, 'utf8');
}

function pastOrFuture(aheadS: number): string {
  return aheadS < 0 ? 'past' : 'future';
}
