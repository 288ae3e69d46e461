/** What became of a message. */
export const AUDIT_ACTIONS = ['CREATED', 'CHANGED', 'IMPORTED'] as const;
export type AuditAction = (typeof AUDIT_ACTIONS)[number];

/** Who did it. */
export const AUDIT_ACTORS = ['TOKEN', 'ADMIN', 'ANONYMOUS', 'OPERATOR', 'PROVIDER'] as const;
export type AuditActor = (typeof AUDIT_ACTORS)[number];

/** One field of a message before and after, named as in the schema; the values are JSON, or become it by `JSON.stringify`. */
export interface FieldChange {
  readonly field: string;
  readonly from: unknown;
  readonly to: unknown;
}
