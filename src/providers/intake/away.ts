import { Refusal, type RefusalCode } from '../../platform/errors';

/** Seconds after which a service should come again, by what keeps the store from taking anything now. */
const RETRY_AFTER_S: Partial<Readonly<Record<RefusalCode, number>>> = {
  OVERLOADED: 1,
  TIMEOUT: 1,
  DATABASE_UNAVAILABLE: 5,
  STORAGE_FULL: 60,
};

/** Whether nothing is wrong but that the store cannot take it now. */
export function isAway(error: unknown): error is Refusal {
  return error instanceof Refusal && error.code in RETRY_AFTER_S;
}

export function retryAfterSeconds({ code }: Refusal): number {
  return RETRY_AFTER_S[code] ?? 1;
}
