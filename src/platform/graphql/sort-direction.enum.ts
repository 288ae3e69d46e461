import { registerEnumType } from 'type-graphql';
import { SORT_DIRECTIONS } from '../database/sort-directions';
import { enumOf } from './enums';

export const SortDirectionEnum = enumOf(SORT_DIRECTIONS);
registerEnumType(SortDirectionEnum, {
  name: 'SortDirection',
  description: 'Which end of an order comes first. Nulls come last either way.',
  valuesConfig: {
    ASC: { description: 'Smallest, earliest, or first by code point, first.' },
    DESC: { description: 'Largest, latest, or last by code point, first.' },
  },
});
