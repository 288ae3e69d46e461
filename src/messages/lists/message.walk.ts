import { ALWAYS, type Clause, clause } from '../../platform/database/clause';
import { type PageWindow } from '../../platform/database/page-window';
import { type Walk } from '../../platform/database/sort-directions';
import { beyond, type MessageOrder, type MessagePosition } from './message.order';

export type MessageWindow = PageWindow<MessagePosition>;

/** What a window adds to a statement; `limit` comes last in it, its numbers after all other parameters. */
export interface WalkSql {
  readonly walk: Walk;
  readonly keyset: Clause;
  readonly limit: Clause;
}

/** One row more than the page holds tells whether the list goes on. */
export function walkOf(order: MessageOrder, { forward, size, offset, from }: MessageWindow): WalkSql {
  const walk = forward ? 'forward' : 'backward';
  return { walk, keyset: from ? beyond(order, from, walk) : ALWAYS, limit: limitTo(size + 1, offset) };
}

/** Always parameters: a small number in the text makes the planner think that sorting everything costs nothing. */
export function limitTo(rows: number, offset = 0): Clause {
  return clause('limit ? offset ?', rows, offset);
}
