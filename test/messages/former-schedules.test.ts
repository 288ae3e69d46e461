import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type Database } from '../../src/platform/database/database';
import { engineUnderTest, newPlace, type TestPlace } from '../support/engine';
import { type Gateway, openGateway } from '../support/gateway';
import { create, MINIMAL, update } from '../support/mutations';

let place: TestPlace;
let gateways: Gateway[];
const start = async (): Promise<Gateway> => {
  const gateway = await openGateway({}, place.databaseUrl);
  gateways.push(gateway);
  return gateway;
};
beforeEach(async () => {
  place = await newPlace();
  gateways = [];
});
afterEach(async () => {
  for (const gateway of gateways) await gateway.close();
  await place.remove();
});

const starting = '2026-03-02T09:00:00Z';
const frequencies = ({ read }: Database): Promise<unknown> =>
  read('select frequency from schedules order by id');

test('A former schedule is there for its readers until none can be left', async () => {
  const former = await start();
  const { message } = await create(former, {
    ...MINIMAL,
    schedule: { start: starting, frequency: 'WEEKLY' },
  });
  await update(former, message.id, { schedule: { start: starting, frequency: 'DAILY' } });
  const both = [{ frequency: 'WEEKLY' }, { frequency: 'DAILY' }];
  expect(await frequencies(former.database)).toEqual(both);

  // On a server the one that starts does not know who else is reading.
  const latter = await start();
  const left = engineUnderTest() === 'postgres' ? both : both.slice(1);
  expect(await frequencies(latter.database)).toEqual(left);
});
