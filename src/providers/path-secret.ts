import { type Provider, type RawRequest, type Sample } from './provider.kinds';
import { sameText, someFits } from './secrets';

/**
 * For services that sign nothing: the secret is the last segment of the address that they are given,
 * `/providers/ID/SECRET`. Whoever knows the address can write messages, so it is as secret as a password.
 */
export function pathSecretDoubt(request: RawRequest, provider: Provider): string | null {
  const [given, ...more] = request.rest;
  if (given === undefined) return 'the address has no secret in it';
  if (more.length > 0) return 'the address goes on behind the secret';
  return someFits(provider.secrets, secret => sameText(given, secret))
    ? null
    : 'the address has another secret in it';
}

export function withPathSecret(sample: Sample, secret: string): Sample {
  const [path = '', ...query] = sample.url.split(/(?=\?)/);
  return { ...sample, url: `${path}/${encodeURIComponent(secret)}${query.join('')}` };
}
