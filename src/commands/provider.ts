import { type Command } from 'commander';
import { systemClock } from '../platform/clock';
import { dataProviders } from '../providers/health/provider.health';
import { ProviderStore } from '../providers/health/provider.store';
import { type ConfiguredProvider } from '../providers/kind';
import { type MailboxKind } from '../providers/mailbox.kinds';
import { type Provider } from '../providers/provider.kinds';
import { type Trial, tryProvider } from '../providers/trial/trial';
import { helpText } from './help-text';
import { providersOf, requireStore, settings, withStore } from './open-store';
import { tableOf } from './table';

/** `provider list` and `provider test`. */
export function registerProvider(program: Command): void {
  const provider = program
    .command('provider')
    .summary('look at data providers, and try one')
    .description('Data providers bring the messages that people send; PROVIDERS_FILE sets them up.')
    .addHelpText(
      'after',
      helpText({
        examples: [
          ['provider list', 'all of them, with what has come by them'],
          ['provider test ward', 'whether a message would come by "ward"'],
        ],
        settings: ['PROVIDERS_FILE', 'PUBLIC_URL', 'DATABASE_URL'],
      }),
    );
  provider
    .command('list')
    .summary('list the data providers')
    .description(
      'Lists the data providers of the file in its order: id, kind, name, channel, whether they are enabled, when a message ' +
        'came last, how many came, came again, and were refused. Times are UTC. Secrets are never shown.',
    )
    .addHelpText(
      'after',
      helpText({
        examples: [['provider list', 'all of them']],
        settings: ['PROVIDERS_FILE', 'DATABASE_URL', 'LOG_LEVEL'],
      }),
    )
    .action(listProviders);
  provider
    .command('test')
    .summary('send a signed sample through the public address, or log in to the mailbox')
    .description(
      'Sends a message as the service of a data provider would, to PUBLIC_URL/providers/ID, with right proof, and says what ' +
        'happened. The gateway that serves there does all that it would do with it, and takes it back. Where it refuses the ' +
        'proof, this looks for the address that the gateway takes itself to have. Into a mailbox it logs in, and says what ' +
        'is there; nothing is fetched.',
    )
    .argument('<id>', 'the id of the provider in the file')
    .addHelpText(
      'after',
      helpText({
        notes: ['It fails unless a message would have been stored, or fetched.'],
        examples: [['provider test ward', 'whether messages come by "ward"']],
        settings: ['PROVIDERS_FILE', 'PUBLIC_URL', 'HOST', 'PORT', 'DATABASE_URL'],
      }),
    )
    .action(testProvider);
}

const HEADINGS = [
  ...['ID', 'KIND', 'NAME', 'CHANNEL', 'ENABLED'],
  ...['LAST RECEIVED', 'RECEIVED', 'DUPLICATES', 'REFUSED'],
];

async function listProviders(): Promise<void> {
  const configured = providersOf(settings());
  requireStore();
  await withStore(async ({ database }) => {
    const rows = (await dataProviders(database, configured)).map(each => [
      ...[each.id, each.kind, each.name, each.channel, each.enabled ? 'yes' : 'no'],
      ...[
        each.lastReceivedAt?.toISOString() ?? '-',
        String(each.received),
        String(each.duplicates),
        String(each.refused),
      ],
    ]);
    process.stdout.write(`${tableOf([HEADINGS, ...rows])}\n`);
    if (rows.length === 0)
      process.stderr.write('There are no data providers; PROVIDERS_FILE names the file that sets them up.\n');
  });
}

async function testProvider(id: string): Promise<void> {
  const config = settings();
  const configured = providersOf(config).find(({ provider }) => provider.id === id);
  const { kind, provider } = requireFit(configured, id);
  if ('mailbox' in kind) {
    tellTrial(id, await checkMailbox(kind.mailbox, provider));
    return;
  }
  if (config.publicUrl === null)
    throw new Error('PUBLIC_URL is not set; for example: PUBLIC_URL=https://gateway.example.org');
  const trial = await tryProvider({
    ...{ hook: kind.hook, provider, publicUrl: config.publicUrl },
    listening: config,
    now: () => systemClock.now(),
  });
  tellTrial(id, trial);
}

/** How far it has been read stands in the store. */
async function checkMailbox(mailbox: MailboxKind, provider: Provider): Promise<Trial> {
  requireStore();
  return withStore(({ database }) => {
    const store = new ProviderStore(database);
    return mailbox.check(provider, { position: place => store.position(provider.id, place) });
  });
}

function tellTrial(id: string, { works, lines }: Trial): void {
  process.stdout.write(`${lines.join('\n')}\n`);
  if (!works) throw new Error(`Messages do not come by "${id}".`);
}

function requireFit(configured: ConfiguredProvider | undefined, id: string): ConfiguredProvider {
  if (configured === undefined)
    throw new Error(
      `PROVIDERS_FILE names no provider "${id}"; "heliograph provider list" shows those there are.`,
    );
  if (!configured.enabled) throw new Error(`The provider "${id}" is not enabled.`);
  return configured;
}
