import { type Logger } from 'pino';
import { type Clock } from '../../platform/clock';
import { type Deadline } from '../../platform/deadline';
import { Tally } from '../../platform/server/tally';
import { logUnserved } from '../../platform/server/unserved';
import { type ProviderTallies } from '../health/provider-tallies';
import { type ConfiguredProvider, type RegisteredHook } from '../kind';
import { type Outcome, type RawRequest, type Reading, type Reply } from '../provider.kinds';
import { type Arrival } from './arrival';
import { isAway, retryAfterSeconds } from './away';
import { type Intake } from './intake';

/** A provider whose service calls us. */
export type HookProvider = ConfiguredProvider & { readonly kind: RegisteredHook };

/** A request at the edge. */
export interface HookCall {
  readonly request: RawRequest;
  readonly requestId: string;
  readonly deadline: Deadline;
  /** Whether all of it is to be done and taken back. */
  readonly isTest: boolean;
}

export interface HookAnswer extends Reply {
  /** Messages that a test would have stored; null for what is no test, or has no proof. */
  readonly wouldStore: number | null;
}

export interface HookIntakeParts {
  readonly providers: readonly ConfiguredProvider[];
  readonly intake: Intake;
  readonly clock: Clock;
  readonly log: Logger;
  readonly tallies: ProviderTallies;
}

/** What becomes of a service's request: proven or refused, then read, then stored or kept, then answered in its own words. */
export class HookIntake {
  private readonly providers: ReadonlyMap<string, HookProvider>;
  private readonly unproven = new Map<string, Tally>();

  constructor(private readonly parts: HookIntakeParts) {
    this.providers = new Map(
      parts.providers
        .filter(isHook)
        .flatMap(each => (each.enabled ? [[each.provider.id, each] as const] : [])),
    );
  }

  /** The provider that takes requests under this id; none where it is switched off, as if it were not there. */
  find(id: string): HookProvider | undefined {
    return this.providers.get(id);
  }

  async answer(to: HookProvider, call: HookCall): Promise<HookAnswer> {
    const { hook } = to.kind;
    const doubt = this.doubtOf(to, call);
    if (doubt !== null) {
      this.refuse(to.provider.id, doubt);
      return { ...hook.reply({ kind: 'unproven' }), wouldStore: null };
    }
    const outcome = await this.outcomeOf(to, call);
    const stored =
      outcome.kind === 'taken' ? outcome.results.filter(result => result.kind === 'stored').length : 0;
    return { ...hook.reply(outcome), wouldStore: call.isTest ? stored : null };
  }

  private doubtOf({ kind, provider }: HookProvider, { request, requestId }: HookCall): string | null {
    if (provider.secrets.length === 0) return null;
    try {
      return kind.hook.doubt(request, provider, this.parts.clock.now());
    } catch (error) {
      this.tellFault(provider.id, requestId, error);
      return 'the proof could not be looked at';
    }
  }

  private async outcomeOf(to: HookProvider, call: HookCall): Promise<Outcome> {
    const { provider } = to;
    const { request, requestId, deadline, isTest } = call;
    const reading = this.readingOf(to, call);
    const intake = this.parts.intake.by(deadline);
    const arrival: Arrival = {
      provider,
      request,
      by: { kind: 'PROVIDER', tokenId: null, requestId, providerId: provider.id },
      items: reading.kind === 'messages' ? reading.items : [],
      receivedAt: this.parts.clock.now(),
      position: null,
    };
    try {
      if (reading.kind === 'unreadable') {
        if (!isTest) await intake.keep(arrival, reading.why);
        this.tellKept(provider.id, requestId);
        return { kind: 'taken', results: [{ kind: 'kept', why: reading.why }] };
      }
      if (arrival.items.length === 0) return { kind: 'nothing' };
      const results = await (isTest ? intake.rehearse(arrival) : intake.take(arrival));
      if (results.some(({ kind }) => kind === 'kept')) this.tellKept(provider.id, requestId);
      return { kind: 'taken', results };
    } catch (error) {
      if (!isAway(error)) throw error;
      logUnserved(this.parts.log, error, requestId);
      return { kind: 'unavailable', retryAfterSeconds: retryAfterSeconds(error) };
    }
  }

  private readingOf({ kind, provider }: HookProvider, { request, requestId }: HookCall): Reading {
    try {
      return kind.hook.read(request, provider);
    } catch (error) {
      this.tellFault(provider.id, requestId, error);
      return { kind: 'unreadable', why: 'it could not be read, for a fault of ours' };
    }
  }

  private refuse(providerId: string, why: string): void {
    const { log, tallies } = this.parts;
    tallies.add(providerId, 'refused');
    const what = 'requests of a provider are refused: they are not proven';
    const tally = this.unproven.get(providerId) ?? new Tally(log, what, { provider: providerId });
    this.unproven.set(providerId, tally);
    tally.add(() => log.warn({ provider: providerId, why }, what));
  }

  private tellKept(provider: string, requestId: string): void {
    this.parts.log.warn({ provider, requestId }, 'a request could not be taken whole, and is kept');
  }

  /** A kind must not throw; what the error says may be the caller's. */
  private tellFault(provider: string, requestId: string, error: unknown): void {
    const { name, stack = '' } = error as Error;
    const frames = stack.split('\n').filter(line => /^\s+at /.test(line));
    this.parts.log.error({ provider, requestId, failure: { name, frames } }, 'a kind of provider has failed');
  }
}

function isHook(provider: ConfiguredProvider): provider is HookProvider {
  return 'hook' in provider.kind;
}
