import { type IncomingHttpHeaders } from 'node:http';
import { OVERLOADED } from './gate';

/**
 * Bytes of all larger bodies together, from when they are read until they are answered. Parsed, JSON can take twenty
 * times as much: 640 MB, which Node's heap holds on a small machine too. A writer is busy for seconds with that many.
 */
const ROOM_BYTES = 32_000_000;

/**
 * Bodies up to here need no room, so that whoever sends large ones, or sends them slowly, holds up nobody who asks for
 * a page: even from every connection that there can be they are 160 MB.
 */
const SMALL_BODY_BYTES = 16_000;

/** Bounds the memory that bodies take. Room is taken for what a body says that it is, before any of it is read. */
export class BodyRoom {
  private takenBytes = 0;
  private readonly held = new Map<object, number>();
  private readonly roomBytes: number;

  constructor(private readonly maxBodyBytes: number) {
    this.roomBytes = Math.max(ROOM_BYTES, maxBodyBytes);
  }

  /**
   * @param request what the room is taken for, and released by.
   * @throws HttpRefusal OVERLOADED where there is no room.
   */
  take(request: object, headers: IncomingHttpHeaders): void {
    const bytes = this.expectedBytes(headers);
    if (bytes <= SMALL_BODY_BYTES) return;
    if (this.takenBytes + bytes > this.roomBytes) throw OVERLOADED;
    this.held.set(request, bytes);
    this.takenBytes += bytes;
  }

  /** A second call does nothing. */
  release(request: object): void {
    this.takenBytes -= this.held.get(request) ?? 0;
    this.held.delete(request);
  }

  private expectedBytes(headers: IncomingHttpHeaders): number {
    // In chunks, a body does not say how long it is.
    if (headers['transfer-encoding'] !== undefined) return this.maxBodyBytes;
    const bytes = Number(headers['content-length'] ?? 0);
    // One that is too long is refused unread.
    return bytes > this.maxBodyBytes ? 0 : bytes;
  }
}
