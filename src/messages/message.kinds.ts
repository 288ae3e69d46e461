export const MESSAGE_DIRECTIONS = ['INCOMING', 'OUTGOING'] as const;
export type MessageDirection = (typeof MESSAGE_DIRECTIONS)[number];

export const MESSAGE_STATUSES = [
  'PENDING',
  'SENT',
  'RECEIVED',
  'EXPIRED',
  'CANCELLED',
  'FAILED',
  'ARCHIVED',
] as const;
export type MessageStatus = (typeof MESSAGE_STATUSES)[number];

export const MESSAGE_TYPES = ['REPORT', 'REVISION', 'COMMENT', 'ALERT'] as const;
export type MessageType = (typeof MESSAGE_TYPES)[number];

export const MESSAGE_CHANNELS = [
  'BROADCAST',
  'DATABASE',
  'DISCORD_PRIVATE',
  'DISCORD_PUBLIC',
  'MAIL',
  'SMS',
  'WHATSAPP',
  'TELEGRAM',
  'OTHER',
] as const;
export type MessageChannel = (typeof MESSAGE_CHANNELS)[number];

export const BATCH_ERROR_POLICIES = ['ATOMIC', 'PARTIAL'] as const;
export type BatchErrorPolicy = (typeof BATCH_ERROR_POLICIES)[number];

/** A JSON object, as stored in `additionalData`. */
export type JsonObject = Readonly<Record<string, unknown>>;
