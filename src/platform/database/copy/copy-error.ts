import { Refusal } from '../../errors';

/** Which of the two stores of a copy. */
export type Side = 'source' | 'target';

/** Why a copy was not begun, or not finished, in words for whoever has asked for it. They hold no address and no password. */
export class CopyError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'CopyError';
  }
}

/**
 * Says of a failure in which of the two stores it was.
 * @param advice what to do where a store was in trouble.
 * @throws CopyError
 */
export async function about<T>(side: Side, work: () => Promise<T>, advice = GO_ON): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof CopyError) throw error;
    const how = error instanceof Refusal ? ` ${advice}` : '';
    throw new CopyError(`The ${side}: ${reasonOf(error)}${how}`, { cause: error });
  }
}

const GO_ON = 'Run the same command again when that is mended; whatever has been copied by then stays.';

/** What went wrong, as a sentence. Of a refusal its cause as well: whoever copies can do something about it. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause: unknown = error instanceof Refusal ? error.details['cause'] : undefined;
  const text =
    cause instanceof Error ? `${error.message.replace(/\.$/, '')} (${cause.message}).` : error.message;
  return text.endsWith('.') ? text : `${text}.`;
}
