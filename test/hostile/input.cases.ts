import { casesOf, type HostileCase, MARKER } from './hostile-case';
import { posted, type WireRequest } from './wire';

const INPUT = [400, 'BAD_USER_INPUT'] as const;
/** Refused by a resolver: the request itself was in order. */
const REFUSED = [200, 'BAD_USER_INPUT'] as const;
const FINE = [200, null] as const;

const DRAFT = `message: "x", channels: SMS`;
const written = (query: string): WireRequest => posted({ query });
const list = (args: string): WireRequest => written(`{ messages(${args}) { totalCount } }`);
const create = (more: string): WireRequest =>
  written(`mutation { createMessage(input: { ${more} }) { ignoredFields } }`);
const change = (id: string, more: string): WireRequest =>
  written(`mutation { updateMessage(id: "${id}", input: { ${more} }) { ignoredFields } }`);
const given = (type: string, value: unknown, use: string): WireRequest =>
  posted({ query: `query ($v: ${type}) { messages(${use}) { totalCount } }`, variables: { v: value } });
const scheduled = (more: string): WireRequest =>
  create(`${DRAFT}, schedule: { start: "2030-01-01T00:00:00Z", frequency: DAILY, ${more} }`);

/** A value that is refused, in every place that takes one: none of them comes back. */
export function inputCases(authorization: string): readonly HostileCase[] {
  const text = `"${MARKER}"`;
  return casesOf(authorization, {
    'a text for a number': [list(`first: ${text}`), INPUT],
    'a name for a number': [list(`first: ${MARKER}`), INPUT],
    'a text for an enum': [list(`filter: { type: ${text} }`), INPUT],
    'a name that no enum holds': [list(`filter: { type: ${MARKER} }`), INPUT],
    'a text for an object': [list(`filter: ${text}`), INPUT],
    'an object for an id': [list(`filter: { id: [{ a: ${text} }] }`), INPUT],
    'a text for an instant': [list(`filter: { sentAt: { gt: ${text} } }`), INPUT],
    'a text for a truth': [list(`filter: { repeats: ${text} }`), INPUT],
    'a default of another type': [
      written(`query ($v: Int = ${text}) { messages(first: $v) { totalCount } }`),
      INPUT,
    ],
    'a variable for a number': [given('Int', MARKER, 'first: $v'), INPUT],
    'a variable for an enum': [given('[MessageType!]', [MARKER], 'filter: { type: $v }'), INPUT],
    'a variable for an object': [given('MessageFilter', MARKER, 'filter: $v'), INPUT],
    'a variable for an instant': [given('DateTime', MARKER, 'filter: { sentAt: { gt: $v } }'), INPUT],
    'a variable for a text': [given('String', { a: MARKER }, 'after: $v'), INPUT],
    'a variable for an id': [given('[ID!]', [{ a: MARKER }], 'filter: { id: $v }'), INPUT],
    'a variable that is nested in itself': [given('[ID!]', [[[MARKER]]], 'filter: { id: $v }'), INPUT],
    'a cursor that is damaged': [list(`after: ${text}`), REFUSED],
    'a cursor of another kind': [
      list(`before: "${Buffer.from(JSON.stringify([MARKER, 1])).toString('base64url')}", last: 1`),
      REFUSED,
    ],
    'a search that is too long': [list(`filter: { q: "${MARKER.repeat(200)}" }`), REFUSED],
    'an empty list of references': [list(`filter: { contactId: [], postId: ${text} }`), REFUSED],
    'an id that names nothing': [written(`{ message(id: ${text}) { id } }`), FINE],
    'a change of what is not there': [change(MARKER, `message: ${text}`), [200, 'NOT_FOUND']],
    'a change to an unknown status': [
      written(`mutation { updateMessageStatus(id: "1", status: ${MARKER}) { ignoredFields } }`),
      INPUT,
    ],
    'a reply to nobody': [create(`${DRAFT}, parentId: ${text}`), REFUSED],
    'a message that is too long': [create(`message: "${MARKER.repeat(11_000)}", channels: SMS`), REFUSED],
    'a title with a control character': [create(`${DRAFT}, title: "${MARKER}\\u0007"`), REFUSED],
    'a contact over two lines': [create(`${DRAFT}, contactId: "${MARKER}\\n"`), REFUSED],
    'a feed that is too long': [create(`${DRAFT}, dataFeedId: "${MARKER.repeat(60)}"`), REFUSED],
    'a recipient that is too long': [create(`${DRAFT}, recipientIds: ["${MARKER.repeat(11)}"]`), REFUSED],
    'additionalData that is no object': [create(`${DRAFT}, additionalData: [${text}]`), REFUSED],
    'additionalData that is too large': [
      create(`${DRAFT}, additionalData: { a: "${MARKER.repeat(3_000)}" }`),
      REFUSED,
    ],
    'a zone that nobody lives in': [scheduled(`timeZone: ${text}`), REFUSED],
    'a zone with a path': [scheduled(`timeZone: "../../${MARKER}"`), REFUSED],
    'a day that no week has': [scheduled(`byDay: ${MARKER}`), INPUT],
    'a key that is too long': [
      written(
        `mutation { createMessage(input: { ${DRAFT} }, idempotencyKey: "${MARKER.repeat(50)}") { ignoredFields } }`,
      ),
      REFUSED,
    ],
    'items of a batch': [
      written(`mutation { batchCreateMessages(inputs: [{ message: "${MARKER}\\u0000" }, { message: "${MARKER}" }]) {
        failed results { errors { code message path } } } }`),
      FINE,
    ],
    'items of a batch that name nothing': [
      written(`mutation { batchUpdateMessages(errorPolicy: PARTIAL, resources: [{ id: "${MARKER}", patch: { title: "${MARKER}" } }]) {
        failed results { errors { code message path } } } }`),
      FINE,
    ],
  });
}
