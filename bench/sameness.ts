import { isDeepStrictEqual } from 'node:util';
import { type Asking } from './comparison';
import { type Peer } from './peers';
import { type Workload } from './workloads';

/**
 * Sends each read once per different body to every peer: a peer that answers something else cannot be compared.
 * @throws Error that names the workload and the peer that differs.
 */
export async function checkSameness(
  asking: readonly Asking[],
  workloads: readonly Workload[],
): Promise<void> {
  for (const workload of workloads) {
    if (!workload.isRead) continue;
    const [expected = [], ...others] = await Promise.all(
      asking.map(({ peer, asked }) => askAll(peer, [...new Set(workload.bodiesFor(asked).flat())])),
    );
    for (const [index, answers] of others.entries()) {
      const differing = answers.findIndex((answer, place) => !isDeepStrictEqual(answer, expected[place]));
      if (differing < 0 && answers.length === expected.length) continue;
      const shown = [answers, expected].map(list => JSON.stringify(list[differing]).slice(0, 500));
      throw new Error(
        `${workload.title}: ${asking[index + 1]?.peer.name ?? ''} answers\n${shown.join('\nand not\n')}`,
      );
    }
  }
}

async function askAll(peer: Peer, bodies: readonly string[]): Promise<readonly unknown[]> {
  const answers: unknown[] = [];
  for (const body of bodies) {
    const data = await ask(peer, body);
    answers.push(peer.name === 'postgraphile' ? withInstants(data) : data);
  }
  return answers;
}

/** @throws Error when the answer holds errors, or no data. */
export async function ask({ name, url, headers }: Peer, body: string): Promise<unknown> {
  const response = await fetch(url, { method: 'POST', headers, body });
  const answer = (await response.json()) as { readonly data?: unknown; readonly errors?: unknown };
  if (answer.errors !== undefined || !answer.data) {
    throw new Error(`${name} refused ${body}: ${JSON.stringify(answer.errors)}`);
  }
  return answer.data;
}

/** PostGraphile's instants are the milliseconds that the tables hold, as text. */
function withInstants(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value), (key, inner: unknown) =>
    key.endsWith('At') && typeof inner === 'string' ? new Date(Number(inner)).toISOString() : inner,
  );
}
