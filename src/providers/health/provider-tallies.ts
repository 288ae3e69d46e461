import { type Database } from '../../platform/database/database';
import { type Counts, ProviderStore } from './provider.store';

/** How often, in milliseconds, what was counted is written: a flood of forgeries costs one write a second. */
const WRITE_EVERY_MS = 1_000;

/** Counts of one provider that may be out of date for a second, and are lost if the process is killed in it. */
export type Tallied = 'duplicates' | 'refused';

/** Gathers what comes too often to be written each time. What cannot be written now is written later. */
export class ProviderTallies {
  private gathered = new Map<string, Record<Tallied, number>>();
  private timer: NodeJS.Timeout | undefined;
  private writing: Promise<void> = Promise.resolve();
  private readonly store: ProviderStore;

  constructor(private readonly database: Database) {
    this.store = new ProviderStore(database);
  }

  add(providerId: string, what: Tallied, count = 1): void {
    if (count === 0) return;
    const former = this.gathered.get(providerId) ?? { duplicates: 0, refused: 0 };
    this.gathered.set(providerId, { ...former, [what]: former[what] + count });
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      this.writing = this.write();
    }, WRITE_EVERY_MS).unref();
  }

  /** Writes what is left; nothing may be added any more. */
  async stop(): Promise<void> {
    await this.writing;
    await this.write();
    clearTimeout(this.timer);
  }

  private async write(): Promise<void> {
    if (this.gathered.size === 0) return;
    const taken = this.gathered;
    this.gathered = new Map();
    const counts = new Map<string, Counts>(
      [...taken].map(([id, count]) => [id, { received: 0, lastReceivedAt: null, ...count }]),
    );
    try {
      await this.database.write(unit => this.store.count(unit, counts));
    } catch {
      // The store is away, which whoever delivers is told of, and the log; its next write may succeed.
      for (const [id, { duplicates, refused }] of taken) {
        this.add(id, 'duplicates', duplicates);
        this.add(id, 'refused', refused);
      }
    }
  }
}
