import { type JsonRow, type JsonShape } from '../platform/database/json-rows';
import { type Connection, type Edge, type PagePosition } from '../platform/database/page';
import { idOf } from '../platform/id.rules';
import { type AskedField } from '../platform/server/asked-fields';
import { type AnswerWriter } from '../platform/server/written-answers';
import { type MessageContext } from './message.context';
import { messageShape } from './message.json';
import { type AskedPlaces, type ListArguments } from './message.pages';

/** Writes a message of which nothing is asked but what stands in its row. */
export const messageWriter: AnswerWriter<JsonShape, { readonly id: string }, MessageContext> = {
  plan: messageShape,
  async write(shape, { id }, { store }) {
    const messageId = idOf(id);
    const found = messageId === null ? undefined : await store.findText(messageId, shape);
    return found?.text ?? 'null';
  },
};

/** Writes a page of such messages. */
export const messagePageWriter: AnswerWriter<PagePlan, ListArguments, MessageContext> = {
  plan: pagePlan,
  async write({ shape, members, about }, args, { pages }) {
    return textLater(members, pages.listTexts(args, shape, about));
  },
};

/** A member of an object that is written. */
interface Member<Of, Text> {
  readonly name: string;
  readonly text: (of: Of) => Text;
}

interface PagePlan {
  readonly shape: JsonShape;
  readonly about: AskedPlaces;
  readonly members: readonly Member<Connection<JsonRow>, Promise<string>>[];
}

type MemberOf<Of, Text> = (asked: AskedField) => ((of: Of) => Text) | null;

/** Of the two lists of a page one can be written, and once: its messages are read in one form. */
function pagePlan(asked: readonly AskedField[]): PagePlan | null {
  if (asked.filter(({ field }) => field === 'nodes' || field === 'edges').length > 1) return null;
  const messages = asked.flatMap(each =>
    each.field === 'nodes' ? [each] : each.asked.filter(({ field }) => field === 'node'),
  );
  if (messages.length > 1) return null;
  const shape = messageShape(messages[0]?.asked ?? []);
  const members = membersOf(asked, pageMember);
  return shape === null || members === null ? null : { shape, about: askedPlaces(asked), members };
}

function askedPlaces(asked: readonly AskedField[]): AskedPlaces {
  const below = new Set(asked.flatMap(each => each.asked.map(({ field }) => field)));
  return {
    cursors: ['cursor', 'startCursor', 'endCursor'].some(field => below.has(field)),
    hasPreviousPage: below.has('hasPreviousPage'),
    hasNextPage: below.has('hasNextPage'),
  };
}

const pageMember: MemberOf<Connection<JsonRow>, Promise<string>> = ({ field, asked }) => {
  switch (field) {
    case '__typename':
      return () => Promise.resolve('"MessageConnection"');
    case 'nodes':
      return async page => listText(await page.nodes(), ({ text }) => text);
    case 'edges': {
      const members = membersOf(asked, edgeMember);
      return members && (async page => listText(await page.edges(), edge => edgeText(members, edge)));
    }
    case 'pageInfo': {
      const members = membersOf(asked, positionMember);
      return members && (page => textLater(members, page.pageInfo()));
    }
    case 'totalCount':
      return async page => String(await page.totalCount());
    default:
      return null;
  }
};

const edgeMember: MemberOf<Edge<JsonRow>, string> = ({ field }) => {
  switch (field) {
    case '__typename':
      return () => '"MessageEdge"';
    case 'cursor':
      return edge => JSON.stringify(edge.cursor);
    case 'node':
      return edge => edge.node.text;
    default:
      return null;
  }
};

const positionMember: MemberOf<PagePosition<JsonRow>, Promise<string>> = ({ field }) => {
  switch (field) {
    case '__typename':
      return () => Promise.resolve('"PageInfo"');
    case 'hasNextPage':
    case 'hasPreviousPage':
    case 'startCursor':
    case 'endCursor':
      return async position => JSON.stringify(await position[field]);
    default:
      return null;
  }
};

function edgeText(members: readonly Member<Edge<JsonRow>, string>[], edge: Edge<JsonRow>): string {
  return objectText(members, index => members[index]?.text(edge) ?? 'null');
}

async function textLater<Of>(members: readonly Member<Of, Promise<string>>[], of: Of): Promise<string> {
  const texts = await Promise.all(members.map(({ text }) => text(of)));
  return objectText(members, index => texts[index] ?? 'null');
}

function membersOf<Of, Text>(
  asked: readonly AskedField[],
  memberOf: MemberOf<Of, Text>,
): readonly Member<Of, Text>[] | null {
  const members: Member<Of, Text>[] = [];
  for (const each of asked) {
    const text = memberOf(each);
    if (text === null) return null;
    members.push({ name: each.name, text });
  }
  return members;
}

function objectText(
  members: readonly { readonly name: string }[],
  textAt: (index: number) => string,
): string {
  return `{${members.map(({ name }, index) => `"${name}":${textAt(index)}`).join(',')}}`;
}

function listText<Item>(items: readonly Item[], textOf: (item: Item) => string): string {
  return `[${items.map(textOf).join(',')}]`;
}
