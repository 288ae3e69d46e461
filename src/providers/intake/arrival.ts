import { type ProviderActor } from '../../audit/actor';
import { stateIssues } from '../../messages/rules/state.rules';
import { type Position } from '../mailbox.kinds';
import { type Delivery, type Provider, type RawRequest, type UnreadableItem } from '../provider.kinds';
import { mend, type MendedDelivery } from '../rules/mending.rules';

/** What came in one request of a provider, or in one mail. */
export interface Arrival {
  readonly provider: Provider;
  readonly by: ProviderActor;
  readonly request: RawRequest;
  /** As much of it as is kept for good beside messages that were mended; by default all. */
  readonly abridged?: () => RawRequest;
  readonly items: readonly (Delivery | UnreadableItem)[];
  readonly receivedAt: Date;
  /** How far its mailbox has been read with it; null where there is none. */
  readonly position: Position | null;
}

/** One item, ready to be stored, or the reason why it cannot be; in the order of the request. */
export type PlannedItem =
  | { readonly index: number; readonly mended: MendedDelivery }
  | { readonly index: number; readonly unreadable: string };

export function planItems({ items, provider, receivedAt }: Arrival): readonly PlannedItem[] {
  return items.map((item, index) => {
    if ('unreadable' in item) return { index, ...item };
    const mended = mend(item, provider, receivedAt);
    if ('unreadable' in mended) return { index, ...mended };
    // Mending leaves nothing for the rules to refuse; should it once, the request is kept and not lost.
    const [issue] = stateIssues(mended.state, receivedAt);
    return issue === undefined
      ? { index, mended }
      : { index, unreadable: `${issue.path.join('.')}: ${issue.message}` };
  });
}
