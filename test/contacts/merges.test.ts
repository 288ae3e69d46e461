import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { makeContacts } from '../support/contacts';
import { type Gateway, type GraphqlError, openGateway } from '../support/gateway';

let gateway: Gateway;
beforeAll(async () => {
  gateway = await openGateway();
});
afterAll(() => gateway.close());

let made = 0;

/** New contacts, each with one message that came in. */
async function newContacts(count: number): Promise<readonly string[]> {
  made += 1;
  const ids = Array.from({ length: count }, (_, index) => `${made}-${String.fromCharCode(97 + index)}`);
  await makeContacts(gateway.database, ids);
  for (const contactId of ids) await gateway.put({ direction: 'INCOMING', status: 'RECEIVED', contactId });
  return ids;
}

type Answer = string | GraphqlError['extensions'] | undefined;

async function change(
  field: 'mergeContacts' | 'unmergeContacts',
  from: string,
  into: string,
): Promise<Answer> {
  const { data, errors } = await gateway.graphql<Record<string, { contact: { id: string } }>>(
    `mutation ($from: ID!, $into: ID!) { ${field}(from: $from, into: $into) { contact { id } } }`,
    { from, into },
  );
  return data?.[field]?.contact.id ?? errors?.[0]?.extensions;
}
const merge = (from: string, into: string): Promise<Answer> => change('mergeContacts', from, into);
const unmerge = (from: string, into: string): Promise<Answer> => change('unmergeContacts', from, into);

interface Shown {
  readonly id: string;
  readonly mergedContacts: readonly { readonly id: string }[];
  readonly messages: { readonly nodes: readonly { contactId: string; contact: { id: string } }[] };
}

/** What a contact is shown as: itself, those merged into it, and whose messages are its own. */
async function shown(id: string): Promise<readonly unknown[] | undefined> {
  const { data } = await gateway.graphql<{ contact: Shown | null }>(
    `query ($id: ID!) { contact(id: $id) {
      id mergedContacts { id } messages(orderBy: { field: ID, direction: ASC }) { nodes { contactId contact { id } } } } }`,
    { id },
  );
  const contact = data?.contact ?? undefined;
  if (contact === undefined) return undefined;
  for (const message of contact.messages.nodes) expect(message.contact.id).toBe(contact.id);
  return [
    contact.id,
    contact.mergedContacts.map(each => each.id),
    contact.messages.nodes.map(({ contactId }) => contactId),
  ];
}

/** The contacts of the messages that a filter leaves. */
async function messagesOf(filter: object): Promise<readonly string[]> {
  const { data, errors } = await gateway.graphql<{
    messages: { nodes: { contactId: string }[]; totalCount: number };
  }>(
    `query ($filter: MessageFilter) {
      messages(filter: $filter, orderBy: { field: ID, direction: ASC }) { nodes { contactId } totalCount } }`,
    { filter },
  );
  expect(errors).toBeUndefined();
  expect(data?.messages.totalCount).toBe(data?.messages.nodes.length);
  return data?.messages.nodes.map(({ contactId }) => contactId) ?? [];
}

describe('contacts that are merged', () => {
  test('are shown as one, and their messages keep the ids that they name', async () => {
    const [a = '', b = '', c = ''] = await newContacts(3);
    expect(await merge(a, b)).toBe(b);
    expect(await merge(c, a)).toBe(b);
    for (const id of [a, b, c]) expect(await shown(id)).toEqual([b, [a, c], [a, b, c]]);
  });

  test('are one to every filter of messages, however deep it stands', async () => {
    const [a = '', b = '', c = ''] = await newContacts(3);
    await merge(a, b);
    for (const id of [a, b]) {
      expect(await messagesOf({ contactId: [id] })).toEqual([a, b]);
      expect(await messagesOf({ and: [{ contactId: [id, c] }] })).toEqual([a, b, c]);
      expect(await messagesOf({ or: [{ contactId: [id] }, { contactId: [c, 'nobody'] }] })).toEqual([
        a,
        b,
        c,
      ]);
      expect(await messagesOf({ contactId: [a, b, c], not: { contactId: [id] } })).toEqual([c]);
    }
  });

  test('are listed once', async () => {
    const [a = '', b = ''] = await newContacts(2);
    await gateway.graphql(
      `mutation { x: updateContact(id: "${a}", input: { userId: "${a}" }) { contact { id } }
        y: updateContact(id: "${b}", input: { userId: "${a}" }) { contact { id } } }`,
    );
    await merge(a, b);
    const { data } = await gateway.graphql(
      `{ contacts(filter: { userId: "${a}" }) { totalCount nodes { id mergedIntoId } } }`,
    );
    expect(data).toEqual({ contacts: { totalCount: 1, nodes: [{ id: b, mergedIntoId: null }] } });
  });

  test('are found by the address and the user of each of them', async () => {
    const [a = '', b = '', c = ''] = await newContacts(3);
    await gateway.graphql(
      `mutation { x: updateContact(id: "${a}", input: { userId: "u-${a}", address: "chat-${a}" }) { contact { id } }
        y: updateContact(id: "${b}", input: { address: "chat-${b}" }) { contact { id } } }`,
    );
    await merge(a, b);
    await merge(b, c);
    const filters = [
      ...[`address: "chat-${a}"`, `userId: "u-${a}"`, `address: ["chat-${b}", "chat-${a}"]`],
      `userId: "u-${a}", address: "chat-${b}"`,
    ];
    for (const filter of filters) {
      const { data } = await gateway.graphql(
        `{ contacts(filter: { ${filter} }) { totalCount nodes { id } } }`,
      );
      expect([filter, data]).toEqual([filter, { contacts: { totalCount: 1, nodes: [{ id: c }] } }]);
    }
    const none = await gateway.graphql(
      `{ contacts(filter: { userId: "u-${a}", address: "nobody" }) { totalCount } }`,
    );
    expect(none.data).toEqual({ contacts: { totalCount: 0 } });
  });

  test('may be merged again into the same, which changes nothing', async () => {
    const [a = '', b = '', c = ''] = await newContacts(3);
    await merge(a, b);
    await merge(b, c);
    expect(await merge(a, b)).toBe(c);
    expect(await merge(a, c)).toBe(c);
    expect(await unmerge(b, c)).toBe(b);
    expect(await shown(a)).toEqual([b, [a], [a, b]]);
  });

  test('are never merged in a circle, nor into a third', async () => {
    const [a = '', b = '', c = '', d = ''] = await newContacts(4);
    await merge(a, b);
    await merge(b, c);
    const refused = (path: string): object => ({ code: 'BAD_USER_INPUT', issues: [{ path: [path] }] });
    expect(await merge(c, a)).toMatchObject(refused('into'));
    expect(await merge(c, c)).toMatchObject(refused('into'));
    expect(await merge(a, d)).toMatchObject(refused('from'));
    expect(await merge(d, 'nobody')).toMatchObject({ code: 'NOT_FOUND' });
    expect(await merge('nobody', d)).toMatchObject({ code: 'NOT_FOUND' });
    expect(await shown(a)).toEqual([c, [a, b], [a, b, c]]);
  });

  test('are never merged in a circle, even if many are merged at once', async () => {
    const ids = await newContacts(8);
    const pairs = ids.map((id, index) => [id, ids[(index + 1) % ids.length] ?? id] as const);
    const answers = await Promise.all(pairs.map(([from, into]) => merge(from, into)));
    expect(answers.filter(answer => typeof answer === 'string')).toHaveLength(ids.length - 1);
    const roots = await Promise.all(ids.map(async id => (await shown(id))?.[0]));
    expect(new Set(roots).size).toBe(1);
  });

  test('are at most a hundred', async () => {
    const ids = Array.from({ length: 101 }, (_, index) => `many-${index}`);
    await makeContacts(gateway.database, ids);
    const answers: Answer[] = [];
    for (const id of ids.slice(1)) answers.push(await merge(id, 'many-0'));
    expect(answers.slice(0, 99)).toEqual(Array.from({ length: 99 }, () => 'many-0'));
    expect(answers[99]).toMatchObject({ code: 'BAD_USER_INPUT', issues: [{ path: ['from'] }] });
  });
});

describe('unmergeContacts', () => {
  test('takes a contact out of any that it is merged into, with those that are merged into it', async () => {
    const [a = '', b = '', c = ''] = await newContacts(3);
    await merge(a, b);
    await merge(b, c);
    expect(await unmerge(a, c)).toBe(a);
    expect(await shown(a)).toEqual([a, [], [a]]);
    expect(await shown(c)).toEqual([c, [b], [b, c]]);
  });

  test('refuses a contact that is not merged into the other', async () => {
    const [a = '', b = ''] = await newContacts(2);
    await merge(a, b);
    const refused = { code: 'BAD_USER_INPUT', issues: [{ path: ['from'] }] };
    expect(await unmerge(b, a)).toMatchObject(refused);
    expect(await unmerge(a, a)).toMatchObject(refused);
    expect(await unmerge('nobody', a)).toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('Contact.messages', () => {
  test('are of either direction and any status, unless the filter says otherwise', async () => {
    const [contactId = ''] = await newContacts(1);
    await gateway.put({ contactId, status: 'ARCHIVED' });
    const { data, errors } = await gateway.graphql(
      `query ($id: ID!, $other: [ID!]) { contact(id: $id) {
        all: messages { totalCount nodes { direction status } }
        out: messages(filter: { direction: OUTGOING }) { totalCount }
        live: messages(filter: { not: { status: ARCHIVED } }) { totalCount }
        deep: messages(filter: { and: { and: { and: { and: { status: ARCHIVED } } } } }) { totalCount }
        others: messages(filter: { contactId: $other }) { totalCount } } }`,
      { id: contactId, other: ['nobody'] },
    );
    expect(errors).toBeUndefined();
    expect(data).toEqual({
      contact: {
        all: {
          totalCount: 2,
          nodes: [
            { direction: 'OUTGOING', status: 'ARCHIVED' },
            { direction: 'INCOMING', status: 'RECEIVED' },
          ],
        },
        ...{
          out: { totalCount: 1 },
          live: { totalCount: 1 },
          deep: { totalCount: 1 },
          others: { totalCount: 0 },
        },
      },
    });
  });

  test('say where a filter of theirs is wrong', async () => {
    const { errors } = await gateway.graphql(
      '{ contact(id: "many-0") { messages(filter: { contactId: [] }) { totalCount } } }',
    );
    expect(errors?.[0]?.extensions).toMatchObject({ issues: [{ path: ['filter', 'contactId'] }] });
  });
});

test('the contacts of a page of messages cost the same with one message as with fifty', async () => {
  const ids = await newContacts(20);
  await merge(ids[0] ?? '', ids[1] ?? '');
  const cost = async (first: number): Promise<number> => {
    const before = gateway.statements();
    const { errors } = await gateway.graphql(
      'query ($first: Int) { messages(first: $first) { nodes { contact { id mergedContacts { id } } } } }',
      { first },
    );
    expect(errors).toBeUndefined();
    return gateway.statements() - before;
  };
  expect(await cost(50)).toBeLessThanOrEqual((await cost(1)) + 3);
});
