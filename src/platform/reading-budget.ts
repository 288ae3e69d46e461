import { AsyncLocalStorage } from 'node:async_hooks';
import { Refusal } from './errors';

interface Budget {
  readonly max: number;
  spent: number;
}

const current = new AsyncLocalStorage<Budget>();

/** Runs `work`, which may read texts of so many characters in all from the store, and no more. */
export function withReadingBudget<T>(maxCharacters: number, work: () => T): T {
  return current.run({ max: maxCharacters, spent: 0 }, work);
}

/** Runs `work` as if nothing had been read before it; what it reads is not counted afterwards. */
export function withBudgetAnew<T>(work: () => T): T {
  const budget = current.getStore();
  return budget === undefined ? work() : current.run({ max: budget.max, spent: 0 }, work);
}

/**
 * Counts what a statement has read. Where nobody set a budget, as for an export, nothing is counted.
 * @throws Refusal QUERY_TOO_COMPLEX when that was too much: what one request holds in memory must stay bounded.
 */
export function spendReading(rows: readonly unknown[]): void {
  const budget = current.getStore();
  if (budget === undefined) return;
  for (const row of rows) budget.spent += charactersOf(row as object);
  if (budget.spent <= budget.max) return;
  throw new Refusal(
    'QUERY_TOO_COMPLEX',
    `The limit \`readCharacters\` allows ${budget.max} characters to be read; here are at least ${budget.spent}. ` +
      'Ask for fewer messages at a time.',
    { limit: 'readCharacters', max: budget.max, actual: budget.spent },
  );
}

function charactersOf(row: object): number {
  let characters = 0;
  for (const cell of Object.values(row)) if (typeof cell === 'string') characters += cell.length;
  return characters;
}
