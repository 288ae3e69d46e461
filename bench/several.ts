import { load, type Load, type Round } from './load';
import { type Peer } from './peers';
import { median } from './report';

/**
 * Puts several gateways on one store under load together: the connections are dealt to them in turn, as by a balancer
 * that looks at connections.
 */
export async function loadTogether(gateways: readonly Peer[], work: Load): Promise<Round> {
  const rounds = await Promise.all(
    gateways.map((gateway, place) =>
      load(gateway, {
        ...work,
        bodies: work.bodies.filter((_, index) => index % gateways.length === place),
      }),
    ),
  );
  const sum = (key: keyof Round): number => rounds.reduce((total, round) => total + round[key], 0);
  return {
    rate: sum('rate'),
    p50Ms: median(rounds.map(({ p50Ms }) => p50Ms)),
    p99Ms: Math.max(...rounds.map(({ p99Ms }) => p99Ms)),
    processorMs: median(rounds.map(({ processorMs }) => processorMs)),
    // Each has counted all that the server did meanwhile, against its own share of the answers.
    databaseMs: median(rounds.map(({ databaseMs }) => databaseMs)) / rounds.length,
    failures: sum('failures'),
  };
}
