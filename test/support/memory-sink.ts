import { Refusal } from '../../src/platform/errors';
import { type Fetched, type MailboxSink, type Position } from '../../src/providers/mailbox.kinds';
import { type Delivery, type ItemResult } from '../../src/providers/provider.kinds';

/** What a mailbox is stored by, in memory: each call is all or nothing, and the position moves with it. */
export class MemorySink implements MailboxSink {
  readonly taken: Delivery[] = [];
  readonly kept: { readonly raw: Buffer; readonly why: string }[] = [];
  /** Calls so far, those that failed among them. */
  calls = 0;
  /** Called before anything is stored; what it throws stands for a store that fails. */
  fault: (call: number) => Promise<void> | void = () => undefined;
  /** Deliveries for which the time is always too short, whatever else is stored. */
  refuses: (delivery: Delivery) => boolean = () => false;
  private readonly positions = new Map<string, string>();
  private readonly waiting = new Set<() => void>();

  /** Resolves as soon as it is so; asks whenever something was stored or has failed. */
  async until(isSo: () => boolean): Promise<void> {
    while (!isSo()) await new Promise<void>(resolve => this.waiting.add(resolve));
  }

  position(place: string): Promise<string | null> {
    return Promise.resolve(this.positions.get(place) ?? null);
  }

  take({ delivery, position }: Fetched & { readonly delivery: Delivery }): Promise<ItemResult> {
    return this.call(position, () => {
      if (this.refuses(delivery)) throw new Refusal('TIMEOUT', 'It took too long.');
      const known = this.taken.findIndex(other => identityOf(other) === identityOf(delivery));
      if (known >= 0) return { kind: 'known', messageId: known + 1 };
      return { kind: 'stored', messageId: this.taken.push(delivery) };
    });
  }

  keep({ raw, why, position }: Fetched & { readonly why: string }): Promise<void> {
    return this.call(position, () => void this.kept.push({ raw, why }));
  }

  pass(position: Position): Promise<void> {
    return this.call(position, () => undefined);
  }

  private async call<T>({ place, position }: Position, store: () => T): Promise<T> {
    this.calls += 1;
    try {
      await this.fault(this.calls);
      const result = store();
      this.positions.set(place, position);
      return result;
    } finally {
      for (const resolve of this.waiting) resolve();
      this.waiting.clear();
    }
  }
}

/** As the intake knows a message again. */
function identityOf({ providerMessageId, sender, text, sentAt }: Delivery): string {
  return providerMessageId ?? JSON.stringify([sender.address, text, sentAt]);
}
