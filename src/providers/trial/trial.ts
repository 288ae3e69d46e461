import { type HookKind, type Provider, type Sample } from '../provider.kinds';
import { TEST_HEADER, WOULD_STORE_HEADER } from '../intake/intake.route';
import { hiding } from '../raws/kept-request.rules';
import { connectionTrouble } from './connection-trouble.rules';
import { likelyAddresses } from './likely-addresses.rules';

export interface TrialOptions {
  readonly hook: HookKind;
  readonly provider: Provider;
  readonly publicUrl: string;
  /** Where the gateway listens, by the settings. */
  readonly listening: { readonly host: string; readonly port: number };
  readonly now: () => Date;
}

/** What a trial has found, in lines for the operator. */
export interface Trial {
  readonly works: boolean;
  readonly lines: readonly string[];
}

/** Milliseconds after which an answer is not waited for: services rarely wait longer. */
const TIMEOUT_MS = 15_000;

/** Characters of a reply that are shown. */
const MAX_SHOWN = 500;

/**
 * Sends a sample as the service would, by way of the address that the service calls. The gateway does all that it would do,
 * and takes it back. Where it refuses the proof, the trial looks for the secret or the address that it does take.
 */
export async function tryProvider(options: TrialOptions): Promise<Trial> {
  const { works, lines } = await trialOf(options);
  // A secret may stand in an address, and whoever answers may repeat it.
  return { works, lines: lines.map(hiding(options.provider.secrets)) };
}

async function trialOf(options: TrialOptions): Promise<Trial> {
  const url = addressOf(options.publicUrl, options.provider);
  const [secret] = options.provider.secrets;
  const answer = await ask(sampleFor(options, options.publicUrl, secret), url);
  if ('trouble' in answer) return failed(`Could not send a sample to ${url}: ${answer.trouble}`);
  const { status, body, ms, wouldStore } = answer;
  const told = [
    `Sent a sample of ${options.hook.name} to ${url}: answered ${status} in ${ms} ms.`,
    ...(body === '' ? [] : [`The reply: ${shown(body)}`]),
  ];
  if (wouldStore !== null && wouldStore > 0 && status < 300)
    return {
      works: true,
      lines: [...told, `The gateway would have stored ${wouldStore} message; it was a test, so nothing was.`],
    };
  if (status === 401 || status === 403) return failed(...told, ...(await reasonsOfRefusal(options, url)));
  return failed(...told, hintFor(answer));
}

async function reasonsOfRefusal(options: TrialOptions, url: string): Promise<readonly string[]> {
  const { publicUrl, provider, listening } = options;
  const isTaken = async (believed: string, secret: string | undefined): Promise<boolean> => {
    const answer = await ask(sampleFor(options, believed, secret), url);
    return 'wouldStore' in answer && answer.wouldStore !== null;
  };
  const [first, second] = provider.secrets;
  if (second !== undefined && (await isTaken(publicUrl, second)))
    return [
      'The gateway takes the second secret of the file, not the first: it runs with another file, or was not restarted.',
    ];
  for (const believed of likelyAddresses(publicUrl, listening)) {
    if (!(await isTaken(believed, first))) continue;
    return [
      `The gateway takes a signature over ${believed}: that is what it believes PUBLIC_URL to be, while here it is ${publicUrl}.`,
      'Set PUBLIC_URL of the gateway to the address that the service calls, and restart it.',
    ];
  }
  return [
    'The gateway does not take the proof: it runs with another secret, or another PUBLIC_URL, or was not restarted since the file changed; or the clocks of both machines differ by minutes.',
  ];
}

/** Proven over one address, whichever it is sent to. */
function sampleFor({ hook, provider, now }: TrialOptions, base: string, secret: string | undefined): Sample {
  const sample = hook.sample(provider, addressOf(base, provider), now());
  return secret === undefined ? sample : hook.prove(sample, secret, provider, now());
}

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly ms: number;
  readonly location: string | null;
  /** Null where it is no answer of an intake that has taken the proof. */
  readonly wouldStore: number | null;
}

/** @param url where it is sent, with whatever the sample has put behind the address that it was made for. */
async function ask(sample: Sample, url: string): Promise<Answer | { readonly trouble: string }> {
  const startedMs = performance.now();
  const behind = /\/providers\/[^/?]+(.*)$/s.exec(sample.url)?.[1] ?? '';
  try {
    const response = await fetch(`${url}${behind}`, {
      method: sample.method,
      headers: { ...sample.headers, [TEST_HEADER]: '1' },
      ...(sample.method === 'POST' ? { body: sample.body } : {}),
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const wouldStore = response.headers.get(WOULD_STORE_HEADER);
    return {
      status: response.status,
      body: await response.text(),
      ms: Math.round(performance.now() - startedMs),
      location: response.headers.get('location'),
      wouldStore: wouldStore === null ? null : Number(wouldStore),
    };
  } catch (error) {
    return { trouble: connectionTrouble(error, url) };
  }
}

function hintFor({ status, location, body, wouldStore }: Answer): string {
  if (status >= 300 && status < 400)
    return `It is a redirect${location === null ? '' : ` to ${location}`}, which services do not follow: set PUBLIC_URL to where it leads, in the gateway and at the service.`;
  if (status === 404 && body.includes('Nothing is here'))
    return 'No provider of this id is found there: PUBLIC_URL has another path than the gateway, or the gateway runs with another file, was not restarted since, or has it disabled.';
  if (status === 404)
    return 'Something else answers there: the proxy does not pass /providers on to the gateway.';
  if (status === 503) return 'The gateway, or its store, is away; a service would send it again.';
  if (wouldStore === null)
    return 'This is no answer of the gateway, or something on the way takes its headers away.';
  return 'The gateway takes the proof, but would have stored nothing of the sample.';
}

function addressOf(base: string, { id }: Provider): string {
  return `${base}/providers/${id}`;
}

function shown(body: string): string {
  const line = body
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/[\p{Control}\p{Format}]/gu, '\ufffd');
  return line.length > MAX_SHOWN ? `${line.slice(0, MAX_SHOWN)}…` : line;
}

function failed(...lines: readonly string[]): Trial {
  return { works: false, lines };
}
