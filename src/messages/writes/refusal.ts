import { badUserInput, Refusal } from '../../platform/errors';
import { type Objection } from '../message.kinds';

/** The error that tells a caller why one message refused: what stands in the way first, comes first. */
export function refusalOf(objections: readonly Objection[]): Refusal {
  const grave =
    objections.find(({ code }) => code === 'NOT_FOUND') ??
    objections.find(({ code }) => code === 'CONFLICT') ??
    objections.find(({ code }) => code === 'INVALID_STATUS_TRANSITION');
  if (grave === undefined) return badUserInput(objections.map(({ path, message }) => ({ path, message })));
  const { code, message, allowed } = grave;
  return new Refusal(code, message, allowed === undefined ? {} : { allowed });
}
