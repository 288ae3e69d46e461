import { type Database } from '../../platform/database/database';
import { type MessageChannel } from '../../messages/message.kinds';
import { type ConfiguredProvider, nameOf } from '../kind';
import { type ProviderCounter } from './provider-counter.entity';
import { ProviderStore } from './provider.store';

/** A provider as it is shown: never its secrets, nor its other settings. */
export interface DataProvider {
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  readonly channel: MessageChannel;
  readonly enabled: boolean;
  readonly lastReceivedAt: Date | null;
  readonly received: number;
  readonly duplicates: number;
  readonly refused: number;
}

const NONE: ReadonlyMap<string, ProviderCounter> = new Map();

/** The largest `Int` of GraphQL; who has more is shown as much. */
const MAX_SHOWN = 2 ** 31 - 1;

/** The providers of a providers file with what has come by them, in the order of the file. */
export async function dataProviders(
  database: Database,
  providers: readonly ConfiguredProvider[],
): Promise<readonly DataProvider[]> {
  const counters = providers.length === 0 ? NONE : await new ProviderStore(database).counters();
  return providers.map(({ kind, enabled, provider: { id, name, channel } }) => {
    const counter = counters.get(id);
    const shown = (count = 0): number => Math.min(count, MAX_SHOWN);
    return {
      ...{ id, kind: nameOf(kind), name, channel, enabled },
      lastReceivedAt: counter?.lastReceivedAt ?? null,
      received: shown(counter?.received),
      duplicates: shown(counter?.duplicates),
      refused: shown(counter?.refused),
    };
  });
}
