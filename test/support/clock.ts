import { type Clock } from '../../src/platform/clock';

/** A clock that stands still until it is moved. */
export class FakeClock implements Clock {
  constructor(private instant = new Date('2026-03-01T12:00:00.000Z')) {}

  now(): Date {
    return new Date(this.instant);
  }

  advance(ms: number): void {
    this.instant = new Date(this.instant.getTime() + ms);
  }
}
