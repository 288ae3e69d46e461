import { once } from 'node:events';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Message } from '../../../src/messages/message.entity';
import { MessageStore } from '../../../src/messages/message.store';
import { KnownMessages } from '../../../src/messages/transfer/known-messages';
import { type Database } from '../../../src/platform/database/database';
import { outgoing } from '../../support/store';
import { newDatabase, open } from './databases';

let database: Database;
let store: MessageStore;
beforeAll(async () => {
  database = await open(await newDatabase());
  store = new MessageStore(database);
});
afterAll(() => database.close());

test('An import and a change of the same message do not lock each other out', async () => {
  const message = Message.of(outgoing());
  await database.write(unit => store.insert(unit.query, [message]));
  const steps = new EventTarget();
  const [isTaken, isLocked] = [once(steps, 'taken'), once(steps, 'locked')];
  const attempts = { change: 0, import: 0 };

  const change = database.write(async ({ query }) => {
    attempts.change += 1;
    await store.findToChange([message.id], query);
    steps.dispatchEvent(new Event('taken'));
    await isLocked;
    await query('update messages set version = version + 1 where id = ?', [message.id]);
  });
  await isTaken;
  const reading = database.write(async ({ query }) => {
    attempts.import += 1;
    await store.lastGivenId(query);
    steps.dispatchEvent(new Event('locked'));
    const known = await KnownMessages.namedBy([{ id: message.id }], store, query);
    return known.withId(message.id)?.version;
  });
  expect(await reading).toBe(1);
  await change;
  expect(attempts).toEqual({ change: 1, import: 1 });
});
