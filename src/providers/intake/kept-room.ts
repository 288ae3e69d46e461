import { type Clock } from '../../platform/clock';
import { type Query } from '../../platform/database/query';
import { Refusal } from '../../platform/errors';

/** Bytes that may be kept of one provider: whoever can write to it could fill the store. */
interface KeptLimits {
  /** Requests beside messages that were mended. */
  readonly raws: number;
  /** Bodies of what could not be read or stored. */
  readonly failures: number;
}

const LIMITS: KeptLimits = { raws: 1024 ** 3, failures: 200 * 1024 ** 2 };

/** Milliseconds after which the store is measured again: others add to it, and what is taken back was counted. */
const MEASURE_AFTER_MS = 3_600_000;
/** The same while there seems to be no room. */
const MEASURE_FULL_AFTER_MS = 60_000;

/** Failures that one request removes to make room. */
const REMOVED_AT_ONCE = 200;

interface Measured {
  readonly bytes: number;
  readonly at: number;
}

type Kept = keyof KeptLimits;

/** There is no room to keep a failure; what cannot be kept must not be acknowledged. */
export class NoRoom extends Refusal {
  constructor() {
    super('STORAGE_FULL', 'As much is kept of this provider as may be.');
    this.name = 'NoRoom';
  }
}

/** How much is kept of each provider: measured now and then, and counted in between. */
export class KeptRoom {
  private readonly measured = new Map<string, Measured>();

  constructor(
    private readonly clock: Clock,
    private readonly limits: KeptLimits = LIMITS,
  ) {}

  /** Takes room for a request beside its messages. @returns whether there is. */
  async takeForRaw(query: Query, providerId: string, bytes: number): Promise<boolean> {
    return this.take('raws', query, providerId, bytes);
  }

  /** The same for a failure; those that were resolved, and lose nobody anything, make room for it. */
  async takeForFailure(query: Query, providerId: string, bytes: number): Promise<boolean> {
    if (await this.take('failures', query, providerId, bytes)) return true;
    const removed = await query(
      `delete from intake_failures where id in (
        select id from intake_failures where provider_id = ? and resolved_at is not null
          order by last_at limit ${REMOVED_AT_ONCE}
      ) returning id`,
      [providerId],
    );
    if (removed.length === 0) return false;
    this.measured.delete(`failures ${providerId}`);
    return this.take('failures', query, providerId, bytes);
  }

  private async take(kept: Kept, query: Query, providerId: string, more: number): Promise<boolean> {
    const name = `${kept} ${providerId}`;
    const now = this.clock.now().getTime();
    let { bytes, at } = this.measured.get(name) ?? { bytes: 0, at: -Infinity };
    const isFull = bytes + more > this.limits[kept];
    if (now - at >= (isFull ? MEASURE_FULL_AFTER_MS : MEASURE_AFTER_MS)) {
      [bytes, at] = [await measure(kept, query, providerId), now];
    }
    const hasRoom = bytes + more <= this.limits[kept];
    this.measured.set(name, { bytes: hasRoom ? bytes + more : bytes, at });
    return hasRoom;
  }
}

const MEASURES: Readonly<Record<Kept, string>> = {
  raws: 'select coalesce(sum(octet_length(request)), 0) as "bytes" from intake_raws where provider_id = ?',
  failures: 'select coalesce(sum(bytes), 0) as "bytes" from intake_failures where provider_id = ?',
};

async function measure(kept: Kept, query: Query, providerId: string): Promise<number> {
  const [row] = await query<{ bytes: number | string }>(MEASURES[kept], [providerId]);
  return Number(row?.bytes ?? 0);
}
