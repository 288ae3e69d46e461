import { type ZodError } from 'zod';
import { type ConfiguredProvider, nameOf, type RegisteredKind } from '../kind';
import { COMMON_NAMES, commonSchema } from './provider.schema';

interface Problem {
  readonly path: readonly string[];
  /** As the rest of a sentence that begins with the path; never a value. */
  readonly message: string;
}

type Given = Readonly<Record<string, unknown>>;

/** Checks the providers of one file, one after the other, and gathers what is wrong. */
export class ProviderCheck {
  readonly problems: Problem[] = [];
  private readonly ids = new Set<string>();

  constructor(
    private readonly kinds: readonly RegisteredKind[],
    private readonly publicUrl: string | null,
  ) {}

  /** @returns null where something is wrong. */
  provider(given: unknown, path: readonly string[]): ConfiguredProvider | null {
    const known = this.problems.length;
    const common = commonSchema.safeParse(given);
    if (!common.success) this.report(common.error, path);
    const kind = this.kindOf(given, path);
    const options = kind === undefined ? undefined : this.optionsOf(kind, given, path);
    if (!common.success || kind === undefined) return null;
    const { id, name = id, enabled = true, channel = kind.channel, type = null, region = null } = common.data;
    const { feed = null, secret: secrets = [], insecure = false } = common.data;
    if (this.ids.has(id)) this.tell([...path, 'id'], 'is that of another provider above');
    this.ids.add(id);
    this.checkSecrets(kind, secrets, insecure, path);
    if ('hook' in kind && kind.needsPublicUrl && this.publicUrl === null)
      this.tell(
        [...path, 'kind'],
        'needs the setting PUBLIC_URL: the service signs the address that it calls',
      );
    if (this.problems.length > known) return null;
    return { kind, enabled, provider: { id, name, channel, type, region, feed, secrets, options } };
  }

  private kindOf(given: unknown, path: readonly string[]): RegisteredKind | undefined {
    if (!isObject(given)) return undefined;
    const kind = this.kinds.find(each => nameOf(each) === given['kind']);
    if (kind === undefined)
      this.tell([...path, 'kind'], `must be one of ${this.kinds.map(nameOf).join(', ')}`);
    return kind;
  }

  private optionsOf(kind: RegisteredKind, given: unknown, path: readonly string[]): unknown {
    // A mailbox is never taken unproven; what is insecure about one is for its kind to say.
    const isOwn = (name: string): boolean =>
      !COMMON_NAMES.includes(name) || ('mailbox' in kind && name === 'insecure');
    const rest = Object.entries(given as Given).filter(([name]) => isOwn(name));
    const options = kind.options.safeParse(Object.fromEntries(rest));
    if (!options.success) this.report(options.error, path);
    return options.data;
  }

  private checkSecrets(
    kind: RegisteredKind,
    secrets: readonly string[],
    insecure: boolean,
    path: readonly string[],
  ): void {
    const place = [...path, 'secret'];
    const isMailbox = 'mailbox' in kind;
    if (secrets.length === 0 && isMailbox) this.tell(place, 'is missing: the password of the mailbox');
    if (secrets.length === 0 && !isMailbox && !insecure)
      this.tell(place, 'is missing: nothing is taken unproven unless the provider says "insecure: true"');
    if (secrets.length > 0 && !isMailbox && insecure)
      this.tell(place, 'goes with "insecure: true" in no way: leave one out');
    if (secrets.some(({ length }) => length < kind.minSecretLength))
      this.tell(place, `must have at least ${kind.minSecretLength} characters`);
    const problem = secrets.map(secret => kind.secretProblem?.(secret) ?? null).find(each => each !== null);
    if (problem !== undefined) this.tell(place, problem);
  }

  private report({ issues }: ZodError, path: readonly string[]): void {
    for (const issue of issues) {
      const place = [...path, ...issue.path.map(String)];
      // Our own words: zod's own name what was expected, and never what was given.
      if (issue.code !== 'unrecognized_keys') this.tell(place, issue.message);
      else for (const name of issue.keys) this.tell([...place, name], 'is no setting of this kind');
    }
  }

  private tell(path: readonly string[], message: string): void {
    this.problems.push({ path, message });
  }
}

function isObject(value: unknown): value is Given {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
