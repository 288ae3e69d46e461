import { type JsonObject } from '../../messages/message.kinds';
import { MAX_ADDITIONAL_DATA_BYTES, MAX_ADDITIONAL_DATA_DEPTH } from '../../messages/rules/content.rules';
import { type Media } from '../provider.kinds';
import { keepable } from './mended-text.rules';

export interface MendedData {
  /** Null where there is nothing. */
  readonly data: JsonObject | null;
  /** Whether something of it is lost. */
  readonly isLossy: boolean;
}

/** What a service says beside the message, with its media; where it is too much, the media come first. */
export function mendedData(given: JsonObject, media: readonly Media[]): MendedData {
  const mending = new Mending();
  const rest = mending.object(given, MAX_ADDITIONAL_DATA_DEPTH);
  const files = media.map(file => mending.object({ ...file }, MAX_ADDITIONAL_DATA_DEPTH));
  const whole = files.length > 0 ? { ...rest, media: files } : rest;
  const data = mending.isTruncated ? { ...whole, truncated: true } : whole;
  if (Object.keys(data).length === 0) return { data: null, isLossy: mending.isLossy };
  return fits(data) ? { data, isLossy: mending.isLossy } : { data: mediaAlone(files), isLossy: true };
}

/** As many as there is room for. */
function mediaAlone(files: readonly JsonObject[]): JsonObject {
  const data = { truncated: true, media: [] as JsonObject[] };
  let bytes = bytesOf(data);
  for (const file of files) {
    // With the comma before it.
    const more = bytesOf(file) + 1;
    if (bytes + more > MAX_ADDITIONAL_DATA_BYTES) continue;
    bytes += more;
    data.media.push(file);
  }
  return data.media.length > 0 ? data : { truncated: true };
}

function fits(data: JsonObject): boolean {
  return bytesOf(data) <= MAX_ADDITIONAL_DATA_BYTES;
}

function bytesOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}

/** Makes values ones that a store gives back as they are, looking no deeper than it keeps. */
class Mending {
  isLossy = false;
  isTruncated = false;

  object(given: JsonObject, levels: number): JsonObject {
    const entries = Object.entries(given).flatMap(([name, value]) => {
      const mended = this.value(value, levels - 1);
      return mended === undefined ? [] : [[this.text(name), mended] as const];
    });
    return Object.fromEntries(entries);
  }

  /** @returns undefined for what is left out. */
  private value(given: unknown, levels: number): unknown {
    if (typeof given === 'string') return this.text(given);
    if (typeof given === 'number') return Number.isFinite(given) ? given : this.lost(null);
    if (given instanceof Date) return Number.isNaN(given.getTime()) ? this.lost(null) : given.toISOString();
    if (typeof given !== 'object' || given === null) return isJson(given) ? given : undefined;
    if (levels <= 0) {
      this.isTruncated = true;
      this.isLossy = true;
      return undefined;
    }
    if (!Array.isArray(given)) return this.object(given as JsonObject, levels);
    return given.map(item => this.value(item, levels - 1) ?? null);
  }

  private text(given: string): string {
    const text = keepable(given);
    return text === given ? text : this.lost(text);
  }

  private lost<T>(left: T): T {
    this.isLossy = true;
    return left;
  }
}

function isJson(value: unknown): boolean {
  return value === null || typeof value === 'boolean';
}
