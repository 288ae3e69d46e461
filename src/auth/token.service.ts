import { randomBytes } from 'node:crypto';
import { type Clock } from '../platform/clock';
import { type Database } from '../platform/database/database';
import { type Deadline } from '../platform/deadline';
import { type UnitOfWork } from '../platform/database/unit-of-work';
import { badUserInput, type Issue, Refusal, unauthenticated } from '../platform/errors';
import { isScope, type Scope } from './scope.kinds';
import { ApiToken } from './token.entity';
import { hashToken, isSameHash, makeToken, tokenNameProblem, tokenState } from './token.rules';
import { TokenStore } from './token.store';
import { adminViewer, anonymousViewer, tokenViewer, type Viewer } from './viewer';

export interface TokenServiceOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly adminToken: string | null;
  readonly anonymousScopes: readonly Scope[];
}

export interface NewToken {
  /** 1 to 100 characters, no control characters; not necessarily unique. */
  readonly name: string;
  /** At least one. */
  readonly scopes: readonly Scope[];
  /** In the future; null for a token that does not expire. */
  readonly expiresAt: Date | null;
}

export interface MadeToken {
  /** It cannot be had a second time. */
  readonly token: string;
  /** What the store keeps about it. */
  readonly record: ApiToken;
}

/** How often the last use of a token is written, in milliseconds. */
const USE_NOTED_EVERY_MS = 60_000;

/** Makes, lists and revokes tokens, and tells who shows one. */
export class TokenService {
  private readonly store: TokenStore;
  /** Where there is no admin token, the hash of one that nobody has: the comparison is made all the same. */
  private readonly adminHash: string;
  /** Per token, when this process last tried to note a use: also a failing store is asked once a minute only. */
  private readonly notedAtMs = new Map<number, number>();

  constructor(private readonly options: TokenServiceOptions) {
    this.store = new TokenStore(options.database);
    this.adminHash = hashToken(options.adminToken ?? makeToken(randomBytes(32)));
  }

  /** @throws Refusal BAD_USER_INPUT where name, scopes or expiry are not as `NewToken` says. */
  async create(wanted: NewToken): Promise<MadeToken> {
    const made = await this.make(wanted, () => Promise.resolve(true));
    if (made === undefined) throw new Error('The store did not keep the token.');
    return made;
  }

  /**
   * Makes the first token there ever was; of several processes that start on a new store, one does.
   * @returns undefined where there is one, or was, ADMIN_TOKEN included.
   * @throws Refusal BAD_USER_INPUT where name, scopes or expiry are not as `NewToken` says.
   */
  async createFirst(wanted: NewToken): Promise<MadeToken | undefined> {
    // Most starts are not the first, and need not write.
    if (await this.any()) return undefined;
    return this.make(wanted, async unit => {
      await this.store.holdBackOthers(unit);
      return !(await this.store.any(unit.query));
    });
  }

  /** Every token that was ever made, oldest first. */
  async list(): Promise<readonly ApiToken[]> {
    return this.store.list();
  }

  /**
   * Ends a token for good, from the next request on; doing so twice does nothing more.
   * @throws Refusal NOT_FOUND where there is no such token.
   */
  async revoke(id: number): Promise<ApiToken> {
    const now = this.options.clock.now();
    const record = await this.options.database.write(async ({ query }) => {
      await this.store.revoke(query, id, now);
      return this.store.findById(id, query);
    });
    if (record === undefined) throw new Refusal('NOT_FOUND', `There is no token ${id}.`);
    return record;
  }

  /**
   * Whether a token was ever given out, ADMIN_TOKEN included. Revoked ones count: who took every token away does
   * not want the next start to hand out a new one.
   */
  async any(): Promise<boolean> {
    return this.options.adminToken !== null || this.store.any();
  }

  /**
   * Tells who is asking. The store is asked each time, so that a token revoked by any process ends at once. Whatever is
   * wrong with a header, it costs one hash, one comparison and one look-up: neither the answer nor its time tells more.
   * @param header the Authorization header; without one the caller is anonymous.
   * @param address the caller's IP address.
   * @param deadline for the look-up, and for the note of use that it may bring about.
   * @throws Refusal UNAUTHENTICATED, always the same, where the header holds no token that is good now.
   */
  async authenticate(header: string | undefined, address: string, deadline: Deadline): Promise<Viewer> {
    if (header === undefined) return anonymousViewer(address, this.options.anonymousScopes);
    const hash = hashToken(bearerToken(header));
    if (isSameHash(hash, this.adminHash)) return adminViewer();
    const database = this.options.database.within({ deadline });
    const record = await new TokenStore(database).findByHash(hash);
    const now = this.options.clock.now();
    if (record === undefined || tokenState(record, now) !== 'active') throw unauthenticated();
    this.noteUse(database, record, now);
    // A newer release may have given the token scopes that this one does not know.
    return tokenViewer(record.id, record.scopes.filter(isScope));
  }

  private async make(
    wanted: NewToken,
    mayBeMade: (unit: UnitOfWork) => Promise<boolean>,
  ): Promise<MadeToken | undefined> {
    const now = this.options.clock.now();
    const issues = issuesOf(wanted, now);
    if (issues.length > 0) throw badUserInput(issues);
    const token = makeToken(randomBytes(32));
    const { name, expiresAt } = wanted;
    const scopes = [...new Set(wanted.scopes)];
    const row = ApiToken.of({ name, scopes, expiresAt, createdAt: now, hash: hashToken(token) });
    const record = await this.options.database.write(async unit => {
      if (!(await mayBeMade(unit))) return undefined;
      const id = await this.store.insert(unit.query, row);
      return id === undefined ? undefined : this.store.findById(id, unit.query);
    });
    return record && { token, record };
  }

  /** Goes on by itself: a request neither waits for this nor fails with it. */
  private noteUse(database: Database, { id, lastUsedAt }: ApiToken, now: Date): void {
    const notedAtMs = Math.max(lastUsedAt?.getTime() ?? -Infinity, this.notedAtMs.get(id) ?? -Infinity);
    if (now.getTime() - notedAtMs < USE_NOTED_EVERY_MS) return;
    this.notedAtMs.set(id, now.getTime());
    const minuteAgo = new Date(now.getTime() - USE_NOTED_EVERY_MS + 1);
    void database
      .write(({ query }) => this.store.noteUse(query, id, now, minuteAgo))
      // Losing a note of use harms nobody; a store in trouble is told of by the requests that need it.
      .catch(() => undefined);
  }
}

function issuesOf({ name, scopes, expiresAt }: NewToken, now: Date): readonly Issue[] {
  const problems = {
    name: tokenNameProblem(name),
    scopes: scopes.length === 0 ? 'must hold at least one scope' : undefined,
    expiresAt: expiresAt === null || expiresAt > now ? undefined : 'must be in the future',
  };
  return Object.entries(problems).flatMap(([field, message]) =>
    message === undefined ? [] : [{ path: [field], message }],
  );
}

/**
 * The credentials of `Bearer`, whose name is written in any case (RFC 9110, section 11.1); of any other header the
 * empty text, which is nobody's token.
 */
function bearerToken(header: string): string {
  return /^Bearer +([\x21-\x7e]+) *$/i.exec(header)?.[1] ?? '';
}
