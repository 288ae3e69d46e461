/** What a token can allow. Every root field of the API names one of these, or says that it is public. */
export const SCOPES = [
  'messages:list',
  'messages:read',
  'messages:create',
  'messages:update',
  'contacts:read',
  'contacts:write',
  'audit:read',
  'providers:read',
] as const;
export type Scope = (typeof SCOPES)[number];

/** What each scope lets its holder do, in the words that people choose by. */
export const SCOPE_DESCRIPTIONS: Readonly<Record<Scope, string>> = {
  'messages:list': 'list and search messages',
  'messages:read': 'read one message by its id',
  'messages:create': 'create messages, one by one or in batches',
  'messages:update': 'change messages and their status, one by one or in batches',
  'contacts:read': 'list and read contacts, and see those of messages',
  'contacts:write': 'create, change and merge contacts',
  'audit:read': 'read who wrote which messages, and what they held before',
  'providers:read': 'see the data providers, how they fare, and what of theirs could not be taken',
};

/** Whether its holder can change what the store holds. */
export const SCOPE_WRITES: Readonly<Record<Scope, boolean>> = {
  'messages:list': false,
  'messages:read': false,
  'messages:create': true,
  'messages:update': true,
  'contacts:read': false,
  'contacts:write': true,
  'audit:read': false,
  'providers:read': false,
};

export function isScope(text: string): text is Scope {
  return (SCOPES as readonly string[]).includes(text);
}
