import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { Refusal } from '../../../src/platform/errors';
import { type EmailOptions } from '../../../src/providers/kinds/email/email.options';
import { type Dovecot, hasDovecot, startDovecot } from '../../support/dovecot';
import { lines, mail } from '../../support/mails';
import { MemorySink } from '../../support/memory-sink';
import { type UnsteadyLine, unsteadyLine } from '../../support/unsteady-line';
import { providerOf, watchMailbox, type WatchedMailbox } from '../../support/watched-mailbox';

/** Whatever breaks between a real server and the store: each mail is stored, and is stored once. */
const describeWithServer = hasDovecot ? describe : describe.skip;

const MAILS = 120;
const idOf = (index: number): string => `<n${index}@example.org>`;
const IDS = Array.from({ length: MAILS }, (_, index) => idOf(index));

/** Some without an id: they are known by what they say. */
const mails = IDS.map((id, index) =>
  mail(
    { 'Message-ID': index % 10 === 0 ? null : id, Subject: id },
    lines(`Number ${index}`, 'x'.repeat(2000)),
  ),
);
const subjects = (sink: MemorySink): readonly (string | null)[] => sink.taken.map(({ title }) => title);

describeWithServer('A mailbox behind whatever breaks', () => {
  let server: Dovecot;
  let later = 0;
  beforeAll(async () => {
    server = await startDovecot();
    server.deliver(...mails);
  });
  afterAll(() => server.stop());

  const ends: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
  });
  const watch = (
    sink: MemorySink,
    options: Partial<EmailOptions> = {},
    secrets = [server.password],
  ): WatchedMailbox => {
    const started = watchMailbox(providerOf(server, { from: 'all', ...options }, secrets), sink);
    ends.push(() => started.stop());
    return started;
  };
  const lineOf = async (breaks?: (piece: Buffer, bytes: number) => boolean): Promise<UnsteadyLine> => {
    const line = await unsteadyLine(server.port, breaks);
    ends.push(() => line.close());
    return line;
  };

  test.each([20_000, 45_000, 100_000])(
    'is read whole though each connection breaks after %i bytes',
    async limit => {
      const line = await lineOf((_piece, bytes) => bytes > limit);
      const sink = new MemorySink();
      watch(sink, { port: line.port });
      await sink.until(() => sink.taken.length === MAILS);
      expect(subjects(sink)).toEqual(IDS);
      expect(sink.kept).toEqual([]);
      expect(line.connections()).toBeGreaterThan(2);
    },
  );

  test('is read whole though the server starts anew in the middle', async () => {
    const sink = new MemorySink();
    let restarted: Promise<void> | undefined;
    sink.fault = call => {
      if (call === 60) restarted = server.restart();
    };
    const watching = watch(sink);
    await sink.until(() => sink.taken.length === MAILS);
    await restarted;
    expect(subjects(sink)).toEqual(IDS);
    for (const Subject of ['after', 'later']) {
      later += 1;
      server.deliver(mail({ 'Message-ID': `<${Subject}@example.org>`, Subject }));
      await sink.until(() => subjects(sink).includes(Subject));
    }
    expect(subjects(sink)).toEqual([...IDS, 'after', 'later']);
    expect(watching.log()).toContain('the mailbox is within reach again');
  });

  test.each([0, 30, 99, 100])(
    'is read whole though the server hangs up while mail %i is stored',
    async at => {
      const sink = new MemorySink();
      let isCut = false;
      sink.fault = async () => {
        if (isCut || sink.taken.length !== at) return;
        isCut = true;
        await server.restart();
      };
      watch(sink);
      await sink.until(() => sink.taken.length === MAILS);
      expect(subjects(sink)).toEqual(IDS);
      expect(isCut).toBe(true);
    },
  );

  test('waits for a store that is away, with the same mail, and moves on behind it only', async () => {
    const sink = new MemorySink();
    sink.fault = call => {
      if (call > 20 && call <= 40) throw new Refusal('DATABASE_UNAVAILABLE', 'The store is away.');
    };
    watch(sink);
    await sink.until(() => sink.taken.length > MAILS);
    expect(subjects(sink).slice(0, MAILS)).toEqual(IDS);
    expect(sink.kept).toEqual([]);
  });

  test('gives again what was fetched and not stored when the gateway ended', async () => {
    const sink = new MemorySink();
    for (let start = 0; start < 5; start += 1) {
      const seen = sink.taken.length;
      sink.fault = () => {
        if (sink.taken.length >= seen + 17) throw new Refusal('DATABASE_UNAVAILABLE', 'It ends here.');
      };
      const watching = watch(sink);
      await sink.until(() => sink.taken.length === seen + 17);
      await watching.stop();
      expect(sink.taken).toHaveLength(seen + 17);
    }
    sink.fault = () => undefined;
    watch(sink);
    await sink.until(() => sink.taken.length > MAILS);
    expect(subjects(sink).slice(0, MAILS)).toEqual(IDS);
  });

  test('keeps a mail that the store fails at for a reason of its own, and goes on', async () => {
    const sink = new MemorySink();
    let faults = 0;
    sink.fault = () => {
      if (sink.taken.length === 7 && faults < 5) {
        faults += 1;
        throw new TypeError('A fault of ours.');
      }
    };
    watch(sink);
    await sink.until(() => sink.taken.length >= MAILS);
    expect(sink.kept.map(({ why }) => why)).toEqual([
      expect.stringMatching(/^It could not be stored\. \(UID \d+\)$/),
    ]);
    expect(subjects(sink).slice(0, 8)).toEqual([...IDS.slice(0, 7), idOf(8)]);
  });

  test('keeps a mail that the store alone refuses, even as if it were away, and goes on', async () => {
    const sink = new MemorySink();
    sink.refuses = ({ title }) => title === idOf(7);
    watch(sink);
    await sink.until(() => sink.taken.length >= MAILS - 1 + later);
    expect(sink.kept.map(({ why }) => why)).toEqual([
      expect.stringMatching(/^It could not be stored\. \(UID \d+\)$/),
    ]);
    expect(subjects(sink).slice(0, 8)).toEqual([...IDS.slice(0, 7), idOf(8)]);
  });

  test('goes on behind a mail at which the connection breaks each time, and keeps word of it', async () => {
    const line = await lineOf(piece => piece.includes('Number 33'));
    const sink = new MemorySink();
    watch(sink, { port: line.port });
    await sink.until(() => sink.taken.length >= MAILS);
    expect(subjects(sink)).not.toContain(idOf(33));
    expect(sink.kept.map(({ why }) => why)).toEqual([
      expect.stringMatching(/^The server does not hand it out\. \(UID \d+\)$/),
    ]);
  });

  test('gives everything again under another UIDVALIDITY, of which nothing is new', async () => {
    const sink = new MemorySink();
    const watching = watch(sink);
    await sink.until(() => sink.taken.length === MAILS + later);
    const [before, calls] = [subjects(sink), sink.calls];
    await server.renumber();
    server.deliver(mail({ 'Message-ID': '<anew@example.org>', Subject: 'anew' }));
    await sink.until(() => subjects(sink).includes('anew'));
    expect(subjects(sink)).toEqual([...before, 'anew']);
    // The former position says nothing of the new UIDs.
    expect(sink.calls).toBeGreaterThan(calls + MAILS);
    await watching.stop();
  });

  test('takes the password that follows the other', async () => {
    const sink = new MemorySink();
    const watching = watch(sink, { from: 'now' }, ['the former one', server.password]);
    await sink.until(() => sink.calls > 0);
    expect(watching.log()).toContain('the server refuses the login (AUTHENTICATIONFAILED)');
    expect(watching.log()).not.toMatch(/former|horse|example\.org/);
  });
});
