import { type RegisteredKind } from './kind';
import { generic } from './kinds/generic/generic';

/** Every kind of data provider there is. */
export const KINDS: readonly RegisteredKind[] = [generic];
