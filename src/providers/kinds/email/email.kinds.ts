/** One mailbox of a header: of From, To, Reply-To. */
export interface MailAddress {
  /** As it stands there; empty where only a name does. */
  readonly address: string;
  readonly name: string;
}

/** A file in a mail. */
export interface MailPart {
  readonly name: string | null;
  readonly contentType: string | null;
  /** Bytes, decoded where the whole of the mail was read. */
  readonly size: number | null;
  /** Content-ID without its brackets. */
  readonly contentId: string | null;
  /** What tells it from others where it has no id: a digest of what it holds, else its number in the mail. */
  readonly mark: string | null;
}

/** A mail whose MIME has been read, as plain values; what they mean is said by `email.delivery.rules.ts`. */
export interface Mail {
  /** Header fields of one line as they stand in the mail, by names in small letters, the topmost first. */
  readonly fields: ReadonlyMap<string, readonly string[]>;
  readonly from: readonly MailAddress[];
  readonly sender: readonly MailAddress[];
  readonly replyTo: readonly MailAddress[];
  readonly to: readonly MailAddress[];
  readonly cc: readonly MailAddress[];
  readonly subject: string | null;
  /** `text/plain` and the like, of the whole tree. */
  readonly contentType: string;
  /** Its parameter `report-type`, of a `multipart/report`. */
  readonly reportType: string | null;
  /** Plain text, or HTML; null where there is neither. */
  readonly words: string | null;
  readonly parts: readonly MailPart[];
}

/** What the server says of a mail before it is read. */
export interface MailHead {
  readonly uid: number;
  /** Bytes. */
  readonly size: number;
  readonly isSeen: boolean;
  /** INTERNALDATE: when the server took it; null where it does not say. */
  readonly receivedAt: Date | null;
}

/** A mail as it was fetched. */
export interface FetchedMail {
  readonly head: MailHead;
  /** The mail itself, or headers and text of one that is too large. */
  readonly source: Buffer;
  /** Null of a whole mail; of one that was too large, the files that were left with the server. */
  readonly leftOut: readonly MailPart[] | null;
}
