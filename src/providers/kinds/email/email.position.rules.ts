import { type MailHead } from './email.kinds';

/** Which mails of those that are there at the first start are messages. */
export const BEGINNINGS = ['unseen', 'all', 'now'] as const;
export type Beginning = (typeof BEGINNINGS)[number];

/** How far a mailbox has been looked through. */
export interface BoxPosition {
  /** While it stays, a UID names the same mail. */
  readonly uidValidity: string;
  /** The last mail that is done with; 0 for none. */
  readonly uid: number;
  /** What was there before the first start; null where all of it is wanted. */
  readonly old: OldMail | null;
}

interface OldMail {
  /** The last UID that was given at that time. */
  readonly uid: number;
  /** When its mail arrived: after a change of UIDVALIDITY mails have other UIDs, but mostly keep their time. */
  readonly until: Date;
}

/** The box as the server shows it now. */
export interface BoxState {
  readonly uidValidity: string;
  /** The last UID that has been given; 0 for none. */
  readonly lastUid: number;
}

/** Of a kept position that cannot be read: everything is looked at again. */
export const NOWHERE: BoxPosition = { uidValidity: '', uid: 0, old: null };

/**
 * Where to begin in a box that nobody has looked through.
 * @param newest when the last mail in it arrived; null where that is not known.
 */
export function firstPosition(box: BoxState, from: Beginning, newest: Date | null): BoxPosition {
  const old = from === 'all' ? null : { uid: box.lastUid, until: newest ?? new Date(0) };
  return { uidValidity: box.uidValidity, uid: from === 'now' ? box.lastUid : 0, old };
}

/**
 * The position in the box as it is now. Under another UIDVALIDITY the kept UIDs say nothing: everything is looked at
 * again, and what was stored before is known by its Message-ID.
 */
export function currentPosition(kept: BoxPosition, box: BoxState): BoxPosition {
  if (kept.uidValidity === box.uidValidity) return kept;
  const old = kept.old === null ? null : { uid: box.lastUid, until: kept.old.until };
  return { uidValidity: box.uidValidity, uid: 0, old };
}

/** Whether a mail is to become a message. */
export function isWanted(mail: MailHead, { old }: BoxPosition, from: Beginning): boolean {
  if (old === null || mail.uid > old.uid) return true;
  // When a mail arrived is not always said: then it is rather taken than lost.
  if (mail.receivedAt === null || mail.receivedAt > old.until) return true;
  return from === 'unseen' && !mail.isSeen;
}

/** `UIDVALIDITY:UID`, and behind `;` what was old at the first start: the last UID, and its second of Unix time. */
export function positionText({ uidValidity, uid, old }: BoxPosition): string {
  const done = `${uidValidity}:${uid}`;
  return old === null ? done : `${done};${old.uid}@${Math.floor(old.until.getTime() / 1000)}`;
}

const POSITION = /^(\d{1,20}):(\d{1,10})(?:;(\d{1,10})@(\d{1,11}))?$/;

/** @returns null where the text is none that we have written. */
export function parsePosition(text: string): BoxPosition | null {
  const [, uidValidity, uid, oldUid, until] = POSITION.exec(text) ?? [];
  if (uidValidity === undefined) return null;
  const old = until === undefined ? null : { uid: Number(oldUid), until: new Date(Number(until) * 1000) };
  return { uidValidity, uid: Number(uid), old };
}
