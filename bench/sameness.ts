import { isDeepStrictEqual } from 'node:util';
import { type Peer } from './peers';
import { type Workload } from './workloads';

/**
 * Sends each read once per different body to every peer: a peer that answers something else cannot be compared.
 * @throws Error that names the workload and the peers that differ.
 */
export async function checkSameness(peers: readonly Peer[], workloads: readonly Workload[]): Promise<void> {
  for (const { title, isRead, bodies } of workloads) {
    if (!isRead) continue;
    for (const body of new Set(bodies.flat())) {
      const [expected, ...others] = await Promise.all(peers.map(peer => ask(peer, body)));
      const differing = peers.slice(1).filter((_, index) => !isDeepStrictEqual(others[index], expected));
      if (differing.length > 0) {
        const names = differing.map(({ name }) => name).join(' and ');
        throw new Error(`${title}: ${names} answers otherwise than ${peers[0]?.name ?? 'nobody'} to ${body}`);
      }
    }
  }
}

/** @throws Error when the answer holds errors, or no data. */
async function ask({ name, url, headers }: Peer, body: string): Promise<unknown> {
  const response = await fetch(url, { method: 'POST', headers, body });
  const answer = (await response.json()) as { readonly data?: unknown; readonly errors?: unknown };
  if (answer.errors !== undefined || !answer.data) {
    throw new Error(`${name} refused ${body}: ${JSON.stringify(answer.errors)}`);
  }
  return answer.data;
}
