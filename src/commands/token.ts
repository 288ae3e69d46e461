import { type Command, InvalidArgumentError } from 'commander';
import { isScope, type Scope, SCOPE_DESCRIPTIONS, SCOPES } from '../auth/scope.kinds';
import { parseExpiry, tokenNameProblem } from '../auth/token.rules';
import { TokenService } from '../auth/token.service';
import { systemClock } from '../platform/clock';
import { helpText } from './help-text';
import { requireStore, withStore } from './open-store';
import { tokenTable } from './token-table';

const SETTINGS = ['DATABASE_URL', 'LOG_LEVEL'] as const;

/** `token create`, `token list` and `token revoke`. */
export function registerToken(program: Command): void {
  const token = program
    .command('token')
    .summary('make, list and revoke API tokens')
    .description(
      'API tokens let programs and people in: a request shows one as "Authorization: Bearer hg_…". ' +
        'The store keeps only a hash of it, so that a token is shown once, when it is made.',
    )
    .addHelpText(
      'after',
      helpText({
        examples: [
          ['token create --name kiosk --scope messages:list', 'a token that can list messages'],
          ['token create --help', 'every option, and the scopes there are'],
        ],
        settings: SETTINGS,
      }),
    );
  registerCreate(token);
  registerList(token);
  registerRevoke(token);
}

function registerCreate(token: Command): void {
  token
    .command('create')
    .summary('make a token and print it once')
    .description(
      'Makes a token. Standard output carries the token alone; what there is to say about it goes to standard error.',
    )
    .requiredOption('--name <name>', 'what the token is for, to know it again in the list', parseName)
    .requiredOption(
      '--scope <scope...>',
      'what it allows: one or more, also separated by commas',
      parseScopes,
    )
    .option(
      '--expires <date>',
      'when it ends: a date (to its end in UTC) or a date-time with offset; without this, never',
      parseFuture,
    )
    .addHelpText(
      'after',
      helpText({
        notes: [
          ['Scopes:', ...SCOPES.map(scope => `  ${scope.padEnd(16)} ${SCOPE_DESCRIPTIONS[scope]}`)].join(
            '\n',
          ),
        ],
        examples: [
          [
            'token create --name kiosk --scope messages:list messages:read',
            'a token for reading, without an end',
          ],
          [
            'token create --name import --scope messages:create --expires 2099-12-31',
            'one that is good until 2099-12-31T23:59:59.999Z',
          ],
        ],
        settings: SETTINGS,
      }),
    )
    .action(createToken);
}

function registerList(token: Command): void {
  token
    .command('list')
    .summary('list the tokens, without the tokens themselves')
    .description(
      'Lists every token that was ever made, oldest first: id, name, scopes, when it was made, when it ends, when it ' +
        'was last used (to the minute), and whether it is active, expired or revoked. Times are UTC.',
    )
    .addHelpText('after', helpText({ examples: [['token list', 'all of them']], settings: SETTINGS }))
    .action(listTokens);
}

function registerRevoke(token: Command): void {
  token
    .command('revoke')
    .summary('end a token for good')
    .description(
      'Ends a token: from the next request on it lets nobody in, also at a gateway that is running. This cannot be ' +
        'undone; revoking a token twice does nothing more.',
    )
    .argument('<id>', 'the id that "token list" shows', parseId)
    .addHelpText(
      'after',
      helpText({ examples: [['token revoke 3', 'end the token with id 3']], settings: SETTINGS }),
    )
    .action(revokeToken);
}

interface CreateOptions {
  readonly name: string;
  readonly scope: readonly Scope[];
  readonly expires?: Date;
}

async function createToken({ name, scope, expires }: CreateOptions): Promise<void> {
  await withTokens(async tokens => {
    const { token, record } = await tokens.create({ name, scopes: scope, expiresAt: expires ?? null });
    const end =
      record.expiresAt === null ? 'does not expire' : `expires at ${record.expiresAt.toISOString()}`;
    process.stderr.write(
      `Token ${record.id} (${record.name}) allows ${record.scopes.join(', ')} and ${end}.\n` +
        'Keep it now: it is not shown again.\n',
    );
    process.stdout.write(`${token}\n`);
  });
}

async function listTokens(): Promise<void> {
  await withTokens(async tokens => {
    const records = await tokens.list();
    process.stdout.write(`${tokenTable(records, systemClock.now())}\n`);
    if (records.length === 0)
      process.stderr.write('There are no tokens yet; "heliograph token create" makes one.\n');
  });
}

async function revokeToken(id: number): Promise<void> {
  requireStore();
  await withTokens(async tokens => {
    const { name, revokedAt } = await tokens.revoke(id);
    process.stdout.write(`Token ${id} (${name}) is revoked since ${revokedAt?.toISOString() ?? 'now'}.\n`);
  });
}

async function withTokens(work: (tokens: TokenService) => Promise<void>): Promise<void> {
  await withStore(({ database, config: { adminToken, anonymousScopes } }) =>
    work(new TokenService({ database, clock: systemClock, adminToken, anonymousScopes })),
  );
}

function parseName(text: string): string {
  const problem = tokenNameProblem(text);
  if (problem !== undefined) throw new InvalidArgumentError(`A name ${problem}.`);
  return text;
}

/** Called once for each value, with what the earlier ones gave. */
function parseScopes(text: string, earlier: readonly Scope[] = []): readonly Scope[] {
  const scopes = text.split(',').map(item => item.trim());
  if (!scopes.every(isScope)) throw new InvalidArgumentError(`The scopes are ${SCOPES.join(', ')}.`);
  return [...earlier, ...scopes];
}

function parseFuture(text: string): Date {
  const expiry = parseExpiry(text);
  if (expiry === undefined) {
    throw new InvalidArgumentError(
      'Give a date like 2099-12-31, or a date-time like 2099-12-31T18:00:00+01:00.',
    );
  }
  if (expiry <= systemClock.now()) throw new InvalidArgumentError('It must be in the future.');
  return expiry;
}

function parseId(text: string): number {
  const id = Number(text);
  if (!/^\d+$/.test(text) || id < 1 || !Number.isSafeInteger(id)) {
    throw new InvalidArgumentError('An id is a whole number from 1 on.');
  }
  return id;
}
