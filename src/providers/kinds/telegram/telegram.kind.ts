import { strictObject } from 'zod';
import { readJson } from '../../json-body';
import { type RegisteredHook } from '../../kind';
import { type Provider, type RawRequest, type Reading, type Sample } from '../../provider.kinds';
import { onlyHeader } from '../../raw-request';
import { statusReply } from '../../replies';
import { sameText, someFits } from '../../secrets';
import { readUpdate } from './telegram.update';

/** The header by which Telegram shows the secret that its webhook was set up with. */
const HEADER = 'x-telegram-bot-api-secret-token';

/**
 * Messages to a bot of Telegram, and in the groups and channels that it is in. The secret is the `secret_token` of
 * its webhook, not the bot's own token, which the gateway does not need.
 *
 * Source: Telegram's "Bot API" (setWebhook, Update, Message).
 */
export const telegram: RegisteredHook = {
  channel: 'TELEGRAM',
  options: strictObject({}),
  // Given to Telegram with the webhook, often before there was a gateway.
  minSecretLength: 8,
  secretProblem,
  proves: 'sender',
  methods: ['POST'],
  needsPublicUrl: false,
  hook: {
    name: 'telegram',
    isTimed: false,
    doubt,
    read,
    /** An answer could call a method of the bot; an empty object calls none. */
    reply: outcome => statusReply(outcome, 'application/json; charset=utf-8', () => '{}'),
    sample,
    prove: (sample, secret) => ({ ...sample, headers: { ...sample.headers, [HEADER]: secret } }),
  },
};

/** Telegram takes no others. */
function secretProblem(secret: string): string | null {
  return /^[\w-]{1,256}$/.test(secret) ? null : 'must have 1 to 256 characters of A-Z, a-z, 0-9, _ and -';
}

function doubt(request: RawRequest, provider: Provider): string | null {
  const given = onlyHeader(request, HEADER);
  if (given === null) return 'there is not exactly one X-Telegram-Bot-Api-Secret-Token header';
  return someFits(provider.secrets, secret => sameText(given, secret)) ? null : 'the secret token is another';
}

function read(request: RawRequest): Reading {
  const json = readJson(request);
  return 'value' in json ? readUpdate(json.value) : { kind: 'unreadable', why: json.unreadable };
}

function sample(_provider: Provider, base: string, now: Date): Sample {
  const seconds = Math.floor(now.getTime() / 1000);
  const update = {
    update_id: seconds,
    message: {
      message_id: seconds,
      date: seconds,
      chat: { id: 1, type: 'private', first_name: 'Test' },
      from: { id: 1, is_bot: false, first_name: 'Test' },
      text: 'A test of the way that messages come by.',
    },
  };
  const headers = { 'content-type': 'application/json' };
  return { method: 'POST', url: base, headers, body: JSON.stringify(update) };
}
