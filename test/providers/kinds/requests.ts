import { type RegisteredHook } from '../../../src/providers/kind';
import { type Provider, type RawRequest, type Sample } from '../../../src/providers/provider.kinds';
import { restOf } from '../../../src/providers/raws/kept-request.rules';
import { asRequest } from '../../../src/providers/sample-fields';

export const NOW = new Date('2026-03-01T12:00:00.000Z');
export const BASE = 'https://gateway.example.org/providers/p';
export const SECRETS = ['the-former-secret-of-tests', 'the-present-secret-of-tests'] as const;

/** A provider as the providers file would set it up. */
export function providerOf(
  kind: RegisteredHook,
  options: object = {},
  secrets: readonly string[] = SECRETS,
): Provider {
  return {
    ...{ id: 'p', name: 'p', channel: kind.channel, type: null, region: null, feed: null, secrets },
    options: kind.options.parse(options),
  };
}

/** What the gateway is handed where this sample is sent to it. */
export function requestOf(sample: Sample): RawRequest {
  return { ...asRequest(sample), rest: restOf(sample.url) };
}
