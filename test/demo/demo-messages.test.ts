import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { RRuleTemporal } from 'rrule-temporal';
import { Temporal } from 'temporal-polyfill';
import { demoMessages, type DemoLine } from '../../src/demo/demo-messages';
import { type DemoSchedule } from '../../src/demo/demo-schedule';
import { MESSAGE_CHANNELS, MESSAGE_TYPES } from '../../src/messages/message.kinds';
import { SCHEDULE_END_TYPES, SCHEDULE_FREQUENCIES } from '../../src/schedules/schedule.kinds';

const NOW = new Date('2031-05-14T09:26:53.589Z');
const LINES = demoMessages(NOW);
const BY_ID = new Map(LINES.map(line => [line.id, line]));

/** Any moment at which somebody may start the demo: leap days and clock changes are among them. */
const anyNow = fc.date({ min: new Date('2024-01-01'), max: new Date('2060-12-31'), noInvalidDate: true });

describe('what there is to explore', () => {
  test('there are some two hundred messages or more', () => {
    expect(LINES.length).toBeGreaterThanOrEqual(200);
  });

  test.each([
    ['OUTGOING', ['ARCHIVED', 'CANCELLED', 'EXPIRED', 'FAILED', 'PENDING', 'SENT']],
    ['INCOMING', ['ARCHIVED', 'RECEIVED']],
  ])('%s messages come in each status that they can have and in no other', (direction, statuses) => {
    const found = new Set(LINES.filter(line => line.direction === direction).map(line => line.status));
    expect([...found].sort()).toEqual(statuses);
  });

  test.each(MESSAGE_TYPES)('there are messages of type %s', type => {
    expect(LINES.some(line => line.type === type)).toBe(true);
  });

  test.each(MESSAGE_CHANNELS)('there are messages on channel %s', channel => {
    expect(LINES.some(line => line.channels.includes(channel))).toBe(true);
  });

  test.each([
    'Latin',
    'Arabic',
    'Devanagari',
    'Bengali',
    'Cyrillic',
    'Greek',
    'Han',
    'Hangul',
    'Hiragana',
    'Katakana',
    'Thai',
  ])('some people write in %s', script => {
    const pattern = new RegExp(`\\p{Script=${script}}`, 'u');
    expect(LINES.some(line => pattern.test(line.message))).toBe(true);
  });

  test.each([
    ['French', 'Merci'],
    ['Haitian Creole', 'Mèsi anpil'],
    ['Spanish', 'gracias'],
    ['Portuguese', 'obrigado'],
    ['Swahili', 'Asante'],
    ['German', 'Brücke'],
    ['emoji', '🙏'],
    ['an HTML element', '<p>'],
    ['an HTML entity', '&eacute;'],
    ['a heart that is no HTML', 'I <3 you'],
    ['a percent sign', '50%'],
    ['a backslash', '\\'],
    ['a line break', '\n'],
  ])('some messages hold %s', (_, text) => {
    expect(LINES.some(line => line.message.includes(text))).toBe(true);
  });

  test('many conversations go back and forth, some four messages deep', () => {
    const talks = LINES.filter(
      line => line.parentId !== null && line.direction !== parentOf(line)?.direction,
    );
    const roots = new Set(talks.map(line => rootOf(line).id));
    expect(roots.size).toBeGreaterThanOrEqual(15);
    expect(LINES.filter(line => depthOf(line) === 4).length).toBeGreaterThanOrEqual(3);
  });

  test('optional fields are filled in on some messages', () => {
    const filled = (field: keyof DemoLine) => LINES.filter(line => line[field] !== null).length;
    for (const field of ['contactId', 'postId', 'dataFeedId', 'additionalData', 'title', 'sendAt'] as const) {
      expect([field, filled(field) >= 10]).toEqual([field, true]);
    }
    expect(LINES.filter(line => line.recipientIds.length > 0).length).toBeGreaterThanOrEqual(10);
    expect(LINES.some(isDue)).toBe(true);
  });

  test('schedules come in every frequency, with every kind of end, in several zones', () => {
    const schedules = LINES.flatMap(line => line.schedule ?? []);
    expect(schedules.length).toBeGreaterThanOrEqual(8);
    expect(new Set(schedules.map(rule => rule.frequency))).toEqual(new Set(SCHEDULE_FREQUENCIES));
    expect(new Set(schedules.map(rule => rule.endType))).toEqual(new Set(SCHEDULE_END_TYPES));
    expect([...new Set(schedules.map(rule => rule.timeZone))].sort()).toEqual([
      'Africa/Nairobi',
      'America/Port-au-Prince',
      'Asia/Kolkata',
      'Europe/Berlin',
    ]);
    expect(schedules.some(rule => rule.byDay.join() === 'MO,WE,FR')).toBe(true);
    expect(schedules.some(rule => rule.frequency === 'MONTHLY' && rule.bySetPosition === -1)).toBe(true);
  });
});

describe('what the import asks for', () => {
  test('ids count up from 1, in the order in which the messages were created', () => {
    expect(LINES.map(line => line.id)).toEqual(LINES.map((_, index) => String(index + 1)));
    const created = LINES.map(line => line.createdAt);
    expect(created).toEqual([...created].sort());
  });

  test('a parent stands before its replies', () => {
    const replies = LINES.filter(line => line.parentId !== null);
    for (const line of replies) expect(Number(line.parentId)).toBeLessThan(Number(line.id));
  });

  test('a provider never gives the same message id twice, and only to incoming messages', () => {
    const fromProviders = LINES.filter(line => line.dataProviderMessageId !== null);
    const pairs = fromProviders.map(
      line => `${line.dataProviderId ?? ''} ${line.dataProviderMessageId ?? ''}`,
    );
    expect(new Set(pairs).size).toBe(pairs.length);
    expect(pairs.length).toBeGreaterThan(100);
    for (const line of fromProviders)
      expect(line).toMatchObject({ direction: 'INCOMING', dataProviderId: expect.any(String) });
  });

  test('every message has a channel, and none twice', () => {
    for (const { channels } of LINES) {
      expect(channels.length).toBeGreaterThan(0);
      expect(new Set(channels).size).toBe(channels.length);
    }
  });

  test('text is not blank, in its composed form and within its limits, even if written in Bengali', () => {
    for (const { message, title } of LINES) {
      expect(message.trim()).not.toBe('');
      expect(message).toBe(message.normalize('NFC'));
      expect(title ?? '').toBe((title ?? '').normalize('NFC'));
      expect((title ?? '').length).toBeLessThanOrEqual(255);
    }
  });

  test('media names where, what and how big, and lies on a host that nobody owns', () => {
    const media = LINES.flatMap(line => (line.additionalData?.['media'] ?? []) as unknown[]);
    expect(media.length).toBeGreaterThanOrEqual(10);
    for (const item of media) {
      expect(item).toEqual({
        url: expect.stringMatching(/^https:\/\/media\.example\.org\//),
        contentType: expect.stringMatching(/^[a-z]+\/[a-z0-9]+$/),
        size: expect.any(Number),
        name: expect.any(String),
      });
    }
  });

  test('telephone numbers are those that are kept for stories', () => {
    const numbers = JSON.stringify(LINES).match(/\+\d[\d ]{6,}/g) ?? [];
    for (const number of numbers) expect(number).toMatch(/^\+1 555 01\d\d$/);
  });
});

describe('rules that hold at every moment at which the demo may start', () => {
  test('the same moment gives the same messages', () => {
    fc.assert(
      fc.property(anyNow, now => {
        expect(demoMessages(new Date(now))).toEqual(demoMessages(now));
      }),
      { numRuns: 10 },
    );
  });

  test('nothing but what is planned lies in the future, and nothing is older than 20 days', () => {
    eachLine((line, now) => {
      const past = [line.createdAt, line.updatedAt, ...(line.sentAt === null ? [] : [line.sentAt])];
      for (const instant of past) expect(instant <= now.toISOString()).toBe(true);
      expect(Date.parse(line.createdAt)).toBeGreaterThan(now.getTime() - 20 * 24 * 3_600_000);
      expect(line.updatedAt >= (line.sentAt ?? line.createdAt)).toBe(true);
      expect((line.sentAt ?? line.createdAt) >= line.createdAt).toBe(true);
    });
  });

  test('instants are ISO strings in UTC with milliseconds', () => {
    eachLine(({ createdAt, updatedAt, sendAt, sentAt, schedule }) => {
      const instants = [createdAt, updatedAt, sendAt, sentAt, schedule?.start, schedule?.until];
      for (const instant of instants.flatMap(value => value ?? []))
        expect(new Date(instant).toISOString()).toBe(instant);
    });
  });

  test('what was sent says when, and only that or what was put away afterwards', () => {
    eachLine(({ status, sentAt }) => {
      if (status === 'SENT') expect(sentAt).not.toBeNull();
      if (sentAt !== null) expect(['SENT', 'ARCHIVED']).toContain(status);
    });
  });

  test('incoming messages are not planned, sent or addressed', () => {
    eachLine(line => {
      if (line.direction === 'OUTGOING') return;
      expect(line).toMatchObject({
        repeats: false,
        schedule: null,
        sendAt: null,
        sentAt: null,
        recipientIds: [],
      });
    });
  });

  test('repeating messages wait, or were called off unsent, and have no other time to be sent', () => {
    eachLine(line => {
      expect(line.repeats).toBe(line.schedule !== null);
      if (line.schedule === null) return;
      expect(line).toMatchObject({ direction: 'OUTGOING', sendAt: null, sentAt: null });
      expect(['PENDING', 'CANCELLED', 'ARCHIVED']).toContain(line.status);
    });
  });

  test('a schedule ends in one way, starts on the minute and at the same time of day in every season', () => {
    const times = LINES.map(line => line.schedule && wallClock(line.schedule));
    fc.assert(
      fc.property(anyNow, now => {
        const lines = demoMessages(now);
        expect(lines.map(line => line.schedule && wallClock(line.schedule))).toEqual(times);
        for (const { start, until, count, endType } of lines.flatMap(line => line.schedule ?? [])) {
          expect(start).toMatch(/:00\.000Z$/);
          expect([until !== null, count !== null]).toEqual([endType === 'ON', endType === 'AFTER']);
        }
      }),
      { numRuns: 20 },
    );
  });

  test('occurrences of what is still pending are to come', () => {
    fc.assert(
      fc.property(anyNow, now => {
        for (const { status, schedule, title } of demoMessages(now)) {
          if (schedule === null || status !== 'PENDING') continue;
          expect([title, nextOccurrence(schedule, now)]).toEqual([title, expect.any(Number)]);
        }
      }),
      { numRuns: 10 },
    );
  });
});

function eachLine(check: (line: DemoLine, now: Date) => void): void {
  fc.assert(
    fc.property(anyNow, now => {
      for (const line of demoMessages(now)) check(line, now);
    }),
    { numRuns: 10 },
  );
}

function parentOf(line: DemoLine): DemoLine | undefined {
  return line.parentId === null ? undefined : BY_ID.get(line.parentId);
}

function rootOf(line: DemoLine): DemoLine {
  const parent = parentOf(line);
  return parent === undefined ? line : rootOf(parent);
}

function depthOf(line: DemoLine): number {
  const parent = parentOf(line);
  return parent === undefined ? 1 : depthOf(parent) + 1;
}

function isDue({ status, sendAt }: DemoLine): boolean {
  return status === 'PENDING' && sendAt !== null && sendAt > NOW.toISOString();
}

function wallClock({ start, timeZone }: DemoSchedule): string {
  return zoned(start, timeZone).toPlainTime().toString();
}

/** @returns milliseconds since 1970 */
function nextOccurrence(rule: DemoSchedule, now: Date): number | undefined {
  const recurrence = new RRuleTemporal({
    freq: rule.frequency,
    interval: rule.interval,
    dtstart: zoned(rule.start, rule.timeZone),
    tzid: rule.timeZone,
    byDay: [...rule.byDay],
    byMonth: [...rule.byMonth],
    byMonthDay: [...rule.byMonthDay],
    bySetPos: rule.bySetPosition === null ? [] : [rule.bySetPosition],
    ...(rule.count === null ? {} : { count: rule.count }),
    ...(rule.until === null ? {} : { until: zoned(rule.until, rule.timeZone) }),
  });
  return recurrence.next(now)?.epochMilliseconds;
}

function zoned(instant: string, timeZone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.from(instant).toZonedDateTimeISO(timeZone);
}
