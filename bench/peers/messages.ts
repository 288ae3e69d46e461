/**
 * SQL written by hand for exactly what the benchmark asks, over the gateway's own tables. The floor and Mercurius share
 * it, so that between these two only what stands above the SQL is compared.
 */
export interface Messages {
  /** Of the inbox, newest first; of the last ones too. */
  page(columns: Columns, asked: Asked): Promise<readonly Row[]>;
  /** What of the inbox holds a text, newest first. */
  search(columns: Columns, text: string, limit: number): Promise<readonly Row[]>;
  countInbox(): Promise<number>;
  /** In any order. */
  byIds(columns: Columns, ids: readonly number[]): Promise<readonly Row[]>;
  /** Oldest first. @param limit for each parent. */
  replies(columns: Columns, parentIds: readonly number[], limit: number): Promise<readonly Row[]>;
  /** @returns the new id. */
  create(message: NewMessage): Promise<number>;
  /** In any order, and only those that there are. */
  setStatus(ids: readonly number[], status: string): Promise<readonly Changed[]>;
}

/** Those of a list; those and what leads to a parent; those that a thread shows. */
export type Columns = 'listed' | 'linked' | 'threaded';

export const COLUMNS: Readonly<Record<Columns, string>> = (() => {
  const listed = `id, version, direction, status, type, title, message, channels, contact_id as "contactId",
    data_provider_id as "dataProviderId", created_at as "createdAt", updated_at as "updatedAt"`;
  const parent = 'parent_id as "parentId"';
  return {
    listed,
    linked: `${listed}, ${parent}`,
    threaded: `id, message, direction, ${parent}, created_at as "createdAt"`,
  };
})();

export interface Asked {
  readonly limit: number;
  /** Where the page begins; without it at an end of the list. */
  readonly after?: Position | undefined;
  readonly offset?: number | undefined;
  /** The last ones instead of the first. */
  readonly fromEnd?: boolean;
}

/** Where a message stands in the inbox. */
export interface Position {
  readonly createdAt: number;
  readonly id: number;
}

/** As the tables have it: instants in milliseconds since 1970, channels as JSON. */
export interface Row extends Position {
  readonly direction: string;
  readonly message: string;
  readonly parentId: number | null;
  readonly channels: string;
  readonly updatedAt: number;
}

export interface NewMessage {
  readonly message: string;
  readonly type: string;
  readonly channels: readonly string[];
  readonly recipientIds: readonly string[];
}

export interface Changed {
  readonly id: number;
  readonly version: number;
  readonly status: string;
}

/** A position as text that a client hands back. */
export function cursorOf({ createdAt, id }: Position): string {
  return Buffer.from(`${createdAt} ${id}`).toString('base64url');
}

export function positionOf(cursor: string | undefined): Position | undefined {
  if (cursor === undefined) return undefined;
  const [createdAt, id] = Buffer.from(cursor, 'base64url').toString().split(' ');
  return { createdAt: Number(createdAt), id: Number(id) };
}

/** In their order. */
export function repliesByParent(replies: readonly Row[]): ReadonlyMap<number, readonly Row[]> {
  const byParent = new Map<number, Row[]>();
  for (const reply of replies) {
    const parentId = reply.parentId ?? 0;
    const others = byParent.get(parentId);
    if (others === undefined) byParent.set(parentId, [reply]);
    else others.push(reply);
  }
  return byParent;
}
