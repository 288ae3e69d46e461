import { type ZodType } from 'zod';
import { type MessageChannel } from '../messages/message.kinds';
import { type MailboxKind } from './mailbox.kinds';
import { type HookKind, type Provider } from './provider.kinds';

/** What a kind brings besides the way in which its service talks. */
interface KindSettings {
  /** Of its messages, unless the providers file says another. */
  readonly channel: MessageChannel;
  /** What the providers file may say of it beyond what it says of all; strict, so that a misspelt name is a problem. */
  readonly options: ZodType<object>;
  /** Characters of the shortest secret: 16 where it is ours to choose, 1 where the service hands it out. */
  readonly minSecretLength: number;
  /** What else is wrong with a secret, as the rest of a sentence that begins with it. */
  secretProblem?(secret: string): string | null;
}

/** A service that calls us. */
export interface RegisteredHook extends KindSettings {
  readonly hook: HookKind;
  /**
   * What its proof proves: the request as it is, by a signature over it, or only that whoever sends it knows the secret. Of
   * the one, a change of any bit of the body must be found.
   */
  readonly proves: 'request' | 'sender';
  readonly methods: readonly ('GET' | 'POST')[];
  /** Whether its proof speaks of the address that it has called, or its sample of the one that it is to call. */
  readonly needsPublicUrl: boolean;
}

/** A service that we call. */
export interface RegisteredMailbox extends KindSettings {
  readonly mailbox: MailboxKind;
}

export type RegisteredKind = RegisteredHook | RegisteredMailbox;

/** A provider with its kind, as the providers file sets it up. */
export interface ConfiguredProvider {
  readonly provider: Provider;
  readonly kind: RegisteredKind;
  readonly enabled: boolean;
}

export function nameOf(kind: RegisteredKind): string {
  return 'hook' in kind ? kind.hook.name : kind.mailbox.name;
}
