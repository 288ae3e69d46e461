import { type MailPart } from './email.kinds';

/** A part of a mail as the server describes it, without sending it (BODYSTRUCTURE). */
export interface PartOutline {
  readonly part?: string | undefined;
  readonly type: string;
  readonly id?: string | undefined;
  readonly size?: number | undefined;
  readonly disposition?: string | undefined;
  readonly parameters?: Readonly<Record<string, string>> | undefined;
  readonly dispositionParameters?: Readonly<Record<string, string>> | undefined;
  readonly childNodes?: readonly PartOutline[] | undefined;
}

/** A mail without its files: which part holds its words, and what the others are. */
export interface Outline {
  /** The number of the part; null where none has words, or the mail is one part. */
  readonly text: string | null;
  readonly files: readonly MailPart[];
}

/** The words are in the first text that is no file: plain, else HTML. */
export function outlineOf(root: PartOutline): Outline {
  const leaves = leavesOf(root);
  const words = leaves.filter(
    leaf => /^text\/(plain|html)$/i.test(leaf.type) && leaf.disposition !== 'attachment',
  );
  const text = words.find(leaf => /plain$/i.test(leaf.type)) ?? words[0];
  return {
    text: root.childNodes === undefined ? null : (text?.part ?? null),
    // The HTML of the same words is no file.
    files: leaves.filter(leaf => !words.includes(leaf)).map(fileOf),
  };
}

/** Parts of a hostile mail. */
const MAX_LEAVES = 1000;

function leavesOf(root: PartOutline): readonly PartOutline[] {
  const leaves: PartOutline[] = [];
  const open = [root];
  for (let next = open.pop(); next !== undefined && leaves.length < MAX_LEAVES; next = open.pop()) {
    // A mail inside the mail is a file: its own parts are not this mail's words.
    if (next.childNodes === undefined || /^message\//i.test(next.type)) leaves.push(next);
    else open.push(...next.childNodes.toReversed());
  }
  return leaves;
}

/** An encoded file is a third larger than what it holds; of that the server says nothing, so that no size is told. */
function fileOf(leaf: PartOutline): MailPart {
  return {
    name: leaf.dispositionParameters?.['filename'] ?? leaf.parameters?.['name'] ?? null,
    contentType: leaf.type.toLowerCase(),
    size: null,
    contentId: leaf.id?.replace(/^<|>$/g, '') ?? null,
    mark: leaf.part ?? null,
  };
}

/** Says what a body is and how it is written; of a mail that is cut, only one part's are true. */
const ABOUT_THE_BODY = /^(content-[a-z-]+|mime-version):/i;

/**
 * One part of a mail as a mail of its own: the header of the mail, but about its body what the header of the part says.
 */
export function mailOfPart(header: Buffer, partHeader: Buffer, body: Buffer): Buffer {
  const kept = fieldsOf(header).filter(field => !ABOUT_THE_BODY.test(field));
  const about = fieldsOf(partHeader).filter(field => ABOUT_THE_BODY.test(field));
  return Buffer.concat([
    Buffer.from([...kept, 'MIME-Version: 1.0\r\n', ...about, '\r\n'].join(''), 'latin1'),
    body,
  ]);
}

/** Header fields with their continued lines, each with its line ends. */
function fieldsOf(header: Buffer): readonly string[] {
  const lines = header.toString('latin1').split(/\r?\n/);
  return lines
    .filter(line => line !== '')
    .map(line => `${line}\r\n`)
    .join('')
    .split(/(?<=\r\n)(?![ \t])/)
    .filter(field => field !== '');
}
