import { type LaggingReads } from './database/lagging-reads';
import { Deadline } from './deadline';
import { type ReadingBudget } from './reading-budget';

/**
 * What one request may still take. It is made where the request comes in and handed on to whatever works for it: nothing
 * finds it by itself, because what Node offers for that (`AsyncLocalStorage`) makes every promise of the process dearer.
 */
export interface Allowance {
  readonly deadline: Deadline;
  /** What it may read from the store; null for as much as it likes. */
  readonly budget: ReadingBudget | null;
  /** Whether its reads may come from a copy of the store; null where they must see all that was acknowledged before them. */
  readonly lagging: LaggingReads | null;
}

/** For commands, a start, and whatever else is no request. */
export const UNLIMITED: Allowance = { deadline: Deadline.NONE, budget: null, lagging: null };
