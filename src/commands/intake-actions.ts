import { systemClock } from '../platform/clock';
import { createLog } from '../platform/observability/log';
import { FailureStore } from '../providers/failures/failure.store';
import { type IntakeFailure } from '../providers/failures/intake-failure.entity';
import { Replay, type Replayed } from '../providers/failures/replay';
import { ProviderTallies } from '../providers/health/provider-tallies';
import { Intake } from '../providers/intake/intake';
import { type RawRequest } from '../providers/provider.kinds';
import { MAIL_METHOD } from '../providers/raws/kept-request.rules';
import { RawStore } from '../providers/raws/raw.store';
import { Seal, WrongKey } from '../providers/raws/seal';
import { type OpenStore, providersOf, requireStore, withStore } from './open-store';
import { tableOf } from './table';

const HEADINGS = ['ID', 'PROVIDER', 'FIRST', 'LAST', 'TIMES', 'BYTES', 'ENCRYPTED', 'STATE', 'REASON'];

export async function listFailures(all: boolean): Promise<void> {
  await withFailures(async failures => {
    const listed = await failures.list(all);
    process.stdout.write(`${tableOf([HEADINGS, ...listed.map(cellsOf)])}\n`);
    if (listed.length === 0) process.stderr.write('Nothing waits: all that came could be taken.\n');
  });
}

export async function showFailure(id: number): Promise<void> {
  await withFailures(async failures => print(await failures.requestOf(await failureOf(failures, id))));
}

export async function printRaw(messageId: number): Promise<void> {
  requireStore();
  await withStore(async ({ database, config }) => {
    const request = await new RawStore(database, new Seal(config.intakeKey)).find(messageId);
    if (request === undefined)
      throw new Error(`Nothing is kept beside message ${messageId}: it holds all that came.`);
    print(request);
  });
}

/** @param id null for all that wait. */
export async function replayFailures(id: number | null): Promise<void> {
  await withFailures(async (failures, { database, config }) => {
    const providers = providersOf(config);
    const seal = new Seal(config.intakeKey);
    const tallies = new ProviderTallies(database);
    const intake = new Intake({
      database,
      seal,
      clock: systemClock,
      log: createLog(config.logLevel),
      tallies,
    });
    const replay = new Replay({ database, failures, intake, providers, clock: systemClock });
    const ids = id === null ? await failures.unresolved() : [id];
    let failed = 0;
    for (const each of ids) {
      const replayed = await replayOne(replay, failures, each);
      failed += replayed.reason === null ? 0 : 1;
      process.stdout.write(`${lineOf(replayed)}\n`);
    }
    if (ids.length === 0) process.stderr.write('Nothing waits: all that came could be taken.\n');
    if (failed > 0) throw new Error(`${failed} of ${ids.length} still ${failed === 1 ? 'fails' : 'fail'}.`);
  });
}

/** Where one cannot be opened, the others may still be. */
async function replayOne(replay: Replay, failures: FailureStore, id: number): Promise<Replayed> {
  const failure = await failureOf(failures, id);
  try {
    return await replay.run(failure);
  } catch (error) {
    if (error instanceof WrongKey) return { id, stored: 0, known: 0, reason: error.message };
    throw error;
  }
}

async function failureOf(failures: FailureStore, id: number): Promise<IntakeFailure> {
  const failure = await failures.findById(id);
  if (failure === undefined)
    throw new Error(`There is no failure ${id}; "heliograph intake list" shows those there are.`);
  return failure;
}

async function withFailures(work: (failures: FailureStore, open: OpenStore) => Promise<void>): Promise<void> {
  requireStore();
  await withStore(open => work(new FailureStore(open.database, new Seal(open.config.intakeKey)), open));
}

function lineOf({ id, stored, known, reason }: Replayed): string {
  const counts = `${stored} stored, ${known} known`;
  return reason === null ? `${id}: done, ${counts}` : `${id}: still fails, ${counts}: ${reason}`;
}

function cellsOf(failure: IntakeFailure): readonly string[] {
  const { id, providerId, receivedAt, lastAt, times, bytes, encrypted, resolvedAt, reason } = failure;
  return [
    ...[String(id), providerId, receivedAt.toISOString(), lastAt.toISOString(), String(times), String(bytes)],
    ...[encrypted ? 'yes' : 'no', resolvedAt === null ? 'waits' : 'done', reason],
  ];
}

/** As it would stand on the wire; of a mail, which came by no request, the mail. */
function print({ method, url, headers, body }: RawRequest): void {
  if (method !== MAIL_METHOD) {
    const lines = [...headers].flatMap(([name, values]) => values.map(value => `${name}: ${value}`));
    process.stdout.write(`${[`${method} ${url}`, ...lines].join('\n')}\n\n`);
  }
  process.stdout.write(body);
}
