import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { buildHeliographSchema } from '../../src/schema';
import { type Gateway, openGateway } from '../support/gateway';
import { type StringOutcome, stringOutcomes } from './string-outcomes';
import { stringPlaces } from './string-places';
import { HOSTILE_STRINGS } from './strings';

/** Thousands of requests, one after the other. */
const TIMEOUT_MS = 600_000;

const PLACES = stringPlaces(buildHeliographSchema()).map(({ name }) => name);

let gateway: Gateway;
let outcomes: readonly StringOutcome[];
beforeAll(async () => {
  gateway = await openGateway();
  await gateway.put({});
  outcomes = await stringOutcomes(gateway);
}, TIMEOUT_MS);
afterAll(() => gateway.close());

test('The places that take a text are found through arguments, inputs, lists and types', () => {
  expect(PLACES).toEqual(
    expect.arrayContaining([
      ...['Query.message(id)', 'Query.messages(after)', 'Query.messages(filter.q)'],
      ...['Query.messages(filter.sentAt.gt)', 'Message.replies(before)', 'MessageSchedule.occurrences(from)'],
      ...['Mutation.createMessage(input.schedule.timeZone)', 'Mutation.createMessage(idempotencyKey)'],
      ...[
        'Mutation.batchUpdateMessages(resources.id)',
        'Mutation.batchUpdateMessages(resources.patch.recipientIds)',
      ],
      ...['Mutation.batchCreateMessages(inputs.additionalData)', 'Mutation.batchUpdateMessageStatus(ids)'],
    ]),
  );
});

describe.each(PLACES)('Whatever text stands at %s,', place => {
  const here = (): readonly StringOutcome[] => outcomes.filter(outcome => outcome.place === place);

  test('the request is answered or refused, and is never our fault', () => {
    expect(here()).toHaveLength(Object.keys(HOSTILE_STRINGS).length);
    const expected = [
      'accepted',
      'BAD_USER_INPUT',
      'NOT_FOUND',
      'CONFLICT',
      'IDEMPOTENCY_KEY_REUSED',
      'INVALID_STATUS_TRANSITION',
    ];
    for (const { text, status, outcome } of here()) {
      expect({ text, outcome: expected.includes(outcome) ? 'expected' : outcome }).toEqual({
        text,
        outcome: 'expected',
      });
      expect([200, 400]).toContain(status);
    }
  });

  test('the refusal names a place and never repeats the text', () => {
    for (const { text, outcome, paths, errors } of here()) {
      if (outcome === 'BAD_USER_INPUT') expect({ text, paths: paths.length }).not.toEqual({ text, paths: 0 });
      const value = JSON.stringify(HOSTILE_STRINGS[text]).slice(1, -1);
      if (value.length > 8) expect(errors).not.toContain(value);
    }
  });

  test('what is accepted is read as it was given, in NFC and with its lines ended by LF', () => {
    for (const { text, readBack } of here()) {
      const given = HOSTILE_STRINGS[text] ?? '';
      if (readBack !== null) expect({ text, readBack }).toEqual({ text, readBack: kept(place, given) });
    }
  });
});

test('A second gateway has the same outcomes, so that those of two engines can be compared', async () => {
  const names = [
    'Query.messages(filter.q)',
    'Mutation.createMessage(input.title)',
    'Mutation.createMessage(input.parentId)',
  ];
  const second = await openGateway();
  await second.put({});
  const again = await stringOutcomes(second, names);
  await second.close();
  expect(again).toEqual(outcomes.filter(({ place }) => names.includes(place)));
  expect(again).toHaveLength(names.length * Object.keys(HOSTILE_STRINGS).length);
});

/** What a field holds that was given a text. */
function kept(place: string, given: string): readonly unknown[] {
  if (place.endsWith('additionalData)')) return [{ text: given }];
  const text = given.replace(/\r\n?/g, '\n').normalize('NFC');
  return [place.endsWith('recipientIds)') ? [text] : text];
}
