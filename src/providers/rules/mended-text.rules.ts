import { createHash } from 'node:crypto';
import { cleanText, mendedForm, pilesUp } from '../../platform/text.rules';

/** A text that the rules of messages take, and whether something of the given one is lost. */
export interface MendedText {
  readonly text: string;
  readonly isLossy: boolean;
}

/** Prose: what cannot be kept becomes U+FFFD, and what is too long is cut. Line ends and letters take their one form without loss. */
export function mendedProse(given: string, max: number): MendedText {
  const clean = cleanText(given.slice(0, max * UNITS_PER_CHARACTER));
  const whole = mendedForm(clean.replace(UNFIT_IN_PROSE, '\ufffd'));
  const text = cut(whole, max);
  return { text, isLossy: text !== clean };
}

/**
 * An id: as it is where the rules take it, else a hash of it, so that two that differ never become one.
 * @returns null for one that is blank.
 */
export function mendedId(given: string | null, max: number): string | null {
  if (given === null || !/\P{White_Space}/u.test(given)) return null;
  const isFit =
    cut(given, max) === given && !UNFIT_IN_IDS.test(given) && !pilesUp(given) && cleanText(given) === given;
  return isFit ? given : hashed(given);
}

export function hashed(text: string): string {
  return `sha256:${createHash('sha256').update(text, 'utf16le').digest('hex')}`;
}

/** What an engine could not give back; JSON may hold all else. */
export function keepable(text: string): string {
  return text.replace(UNKEEPABLE, '\ufffd');
}

/** In UTF-16 units, more than one character of the stored text can come from: what lies behind would be cut anyway. */
const UNITS_PER_CHARACTER = 8;

const UNFIT_IN_PROSE = /[^\P{Control}\t\n]|\p{Surrogate}/gu;
const UNFIT_IN_IDS = /[\p{Control}\p{Surrogate}]/u;
const UNKEEPABLE = /[\0\p{Surrogate}]/gu;

/** At most so many code points, the last of them `…` where there were more. */
function cut(text: string, max: number): string {
  if (text.length <= max) return text;
  let [points, end, endOfCut] = [0, 0, 0];
  while (end < text.length && points <= max) {
    end += (text.codePointAt(end) ?? 0) > 0xffff ? 2 : 1;
    points += 1;
    if (points === max - 1) endOfCut = end;
  }
  return points <= max ? text : `${text.slice(0, endOfCut)}…`;
}
