export const SORT_DIRECTIONS = ['ASC', 'DESC'] as const;
export type SortDirection = (typeof SORT_DIRECTIONS)[number];

/** Which way a list is walked: as it is ordered, or backward from its end. */
export type Walk = 'forward' | 'backward';
