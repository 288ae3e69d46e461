import { type JsonRow, type JsonShape } from '../../platform/database/json-rows';
import { type Connection, type Edge, type PagePosition } from '../../platform/database/page';
import { type Json, jsonList, jsonObject } from '../../platform/graphql/json-text';
import { idOf } from '../../platform/id.rules';
import { type AskedField } from '../../platform/server/asked-fields';
import { type AnswerWriter } from '../../platform/server/written-answers';
import { type MessageContext } from './message.context';
import { lengthOfNames, MAX_LENGTH_OF_NAMES, messageShape } from '../lists/message.json';
import { type AskedPlaces, type ListArguments } from '../lists/message.pages';

/** Writes a message of which nothing is asked but what stands in its row. */
export const messageWriter: AnswerWriter<JsonShape, { readonly id: string }, MessageContext> = {
  plan: messageShape,
  async write(shape, { id }, { store }) {
    const messageId = idOf(id);
    const found = messageId === null ? undefined : await store.findText(messageId, shape);
    return found?.json ?? 'null';
  },
};

/** Writes a page of such messages. */
export const messagePageWriter: AnswerWriter<PagePlan, ListArguments, MessageContext> = {
  plan: pagePlan,
  async write({ shape, members, about }, args, { pages }) {
    return jsonLater(members, pages.listTexts(args, shape, about));
  },
};

/** A member of an object that is written. */
interface Member<Of, Part> {
  readonly name: string;
  readonly json: (of: Of) => Part;
}

interface PagePlan {
  readonly shape: JsonShape;
  readonly about: AskedPlaces;
  readonly members: readonly Member<Connection<JsonRow>, Promise<Json>>[];
}

type MemberOf<Of, Part> = (asked: AskedField) => ((of: Of) => Part) | null;

/** Of the two lists of a page one can be written, and once: its messages are read in one form. */
function pagePlan(asked: readonly AskedField[]): PagePlan | null {
  if (lengthOfNames(asked) > MAX_LENGTH_OF_NAMES) return null;
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

const pageMember: MemberOf<Connection<JsonRow>, Promise<Json>> = ({ field, asked }) => {
  switch (field) {
    case '__typename':
      return () => Promise.resolve('"MessageConnection"');
    case 'nodes':
      return async page => jsonList((await page.nodes()).map(({ json }) => json));
    case 'edges': {
      const members = membersOf(asked, edgeMember);
      return members && (async page => jsonList((await page.edges()).map(edge => edgeJson(members, edge))));
    }
    case 'pageInfo': {
      const members = membersOf(asked, positionMember);
      return members && (page => jsonLater(members, page.pageInfo()));
    }
    case 'totalCount':
      return async page => String(await page.totalCount());
    default:
      return null;
  }
};

const edgeMember: MemberOf<Edge<JsonRow>, Json> = ({ field }) => {
  switch (field) {
    case '__typename':
      return () => '"MessageEdge"';
    case 'cursor':
      return edge => JSON.stringify(edge.cursor);
    case 'node':
      return edge => edge.node.json;
    default:
      return null;
  }
};

const positionMember: MemberOf<PagePosition<JsonRow>, Promise<Json>> = ({ field }) => {
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

function edgeJson(members: readonly Member<Edge<JsonRow>, Json>[], edge: Edge<JsonRow>): Json {
  return jsonObject(members.map(({ name, json }) => [name, json(edge)]));
}

async function jsonLater<Of>(members: readonly Member<Of, Promise<Json>>[], of: Of): Promise<Json> {
  const values = await Promise.all(members.map(({ json }) => json(of)));
  return jsonObject(members.map(({ name }, index) => [name, values[index] ?? 'null']));
}

function membersOf<Of, Part>(
  asked: readonly AskedField[],
  memberOf: MemberOf<Of, Part>,
): readonly Member<Of, Part>[] | null {
  const members: Member<Of, Part>[] = [];
  for (const each of asked) {
    const json = memberOf(each);
    if (json === null) return null;
    members.push({ name: each.name, json });
  }
  return members;
}
