import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { makeContacts } from '../support/contacts';
import { type Gateway, type GraphqlError, openGateway } from '../support/gateway';
import { create, MINIMAL, update } from '../support/mutations';

interface ContactFields {
  readonly id: string;
  readonly [name: string]: unknown;
}

let gateway: Gateway;
beforeAll(async () => {
  gateway = await openGateway();
  await makeContacts(gateway.database, ['known']);
});
afterAll(() => gateway.close());

const FIELDS = 'id type address name userId canNotify dataProviderId mergedIntoId createdAt updatedAt';

/** What a mutation makes of a contact, or its error. */
async function written(
  field: string,
  variables: object,
  types: string,
): Promise<ContactFields | GraphqlError | undefined> {
  const given = Object.keys(variables)
    .map(name => `${name}: $${name}`)
    .join(', ');
  const { data, errors } = await gateway.graphql<Record<string, { contact: ContactFields }>>(
    `mutation (${types}) { ${field}(${given}) { contact { ${FIELDS} } } }`,
    variables,
  );
  return data?.[field]?.contact ?? errors?.[0];
}

const createContact = (input: object): Promise<ContactFields | GraphqlError | undefined> =>
  written('createContact', { input }, '$input: CreateContactInput!');
const updateContact = (id: string, input: object): Promise<ContactFields | GraphqlError | undefined> =>
  written('updateContact', { id, input }, '$id: ID!, $input: UpdateContactInput!');

async function made(input: object): Promise<string> {
  const contact = (await createContact(input)) as ContactFields;
  expect(typeof contact.id).toBe('string');
  return contact.id;
}

describe('createContact', () => {
  test('makes a contact of what is given, and of defaults', async () => {
    const now = gateway.clock.now().toISOString();
    expect(await createContact({ type: 'EMAIL', address: 'amina@Example.org', userId: '7' })).toMatchObject({
      ...{ type: 'EMAIL', address: 'amina@Example.org', name: null, userId: '7', canNotify: true },
      ...{ dataProviderId: null, mergedIntoId: null, createdAt: now, updatedAt: now },
    });
    expect(await createContact({ type: 'OTHER' })).toMatchObject({ address: null });
    expect(await createContact({ type: 'OTHER' })).toMatchObject({ address: null });
  });

  test('refuses an address that a contact has, in whatever way it is written, and names that contact', async () => {
    const contactId = await made({ type: 'PHONE', address: '+254 700 000 011' });
    const again = { type: 'PHONE', address: '00254-700-000-011' };
    expect(await createContact(again)).toMatchObject({ extensions: { code: 'CONFLICT', contactId } });
    expect(await createContact({ ...again, type: 'WHATSAPP' })).toMatchObject({ type: 'WHATSAPP' });
  });

  test.each([
    ['a blank address', { address: ' ' }, 'address'],
    ['an address of 321 characters', { address: 'x'.repeat(321) }, 'address'],
    ['an address over two lines', { address: 'a\nb' }, 'address'],
    ['a name of 256 characters', { name: 'x'.repeat(256) }, 'name'],
    ['a blank name', { name: '' }, 'name'],
    ['a user of 65 characters', { userId: 'x'.repeat(65) }, 'userId'],
    ['null for canNotify', { canNotify: null }, 'canNotify'],
  ])('refuses %s', async (_what, wrong, field) => {
    expect(await createContact({ type: 'OTHER', ...wrong })).toMatchObject({
      extensions: { code: 'BAD_USER_INPUT', issues: [{ path: ['input', field] }] },
    });
  });

  test('makes one contact of a call that is repeated under one key, and of two at once', async () => {
    const query = `mutation ($input: CreateContactInput!, $key: String) {
      createContact(input: $input, idempotencyKey: $key) { contact { id } } }`;
    const input = { type: 'TELEGRAM', address: '4711' };
    const once = (): Promise<unknown> => gateway.graphql(query, { input, key: 'contact-1' });
    expect(await once()).toEqual(await once());
    const two = { type: 'TELEGRAM', address: '4712' };
    const answers = await Promise.all([createContact(two), createContact(two), createContact(two)]);
    const [contactId] = answers.flatMap(answer => (answer && 'id' in answer ? [answer.id] : []));
    expect(answers.filter(answer => answer && 'id' in answer)).toHaveLength(1);
    for (const answer of answers) {
      if (answer && 'extensions' in answer)
        expect(answer).toMatchObject({ extensions: { code: 'CONFLICT', contactId } });
    }
  });
});

describe('updateContact', () => {
  test('leaves alone what is left out, and clears what is null', async () => {
    const id = await made({ type: 'OTHER', address: 'chat 1', name: 'Amina', userId: '1' });
    gateway.clock.advance(1_000);
    const now = gateway.clock.now().toISOString();
    expect(await updateContact(id, { name: null, canNotify: false })).toMatchObject({
      ...{ address: 'chat 1', name: null, userId: '1', canNotify: false, updatedAt: now },
    });
    gateway.clock.advance(1_000);
    expect(await updateContact(id, { canNotify: false })).toMatchObject({ updatedAt: now });
  });

  test('gives a contact another address only where that is nobody else’s', async () => {
    const [contactId, id] = [
      await made({ type: 'OTHER', address: 'chat 2' }),
      await made({ type: 'OTHER', address: 'chat 3' }),
    ];
    expect(await updateContact(id, { address: 'chat 2' })).toMatchObject({
      extensions: { code: 'CONFLICT', contactId },
    });
    expect(await updateContact(id, { address: 'chat 2', type: 'DISCORD' })).toMatchObject({
      type: 'DISCORD',
    });
    expect(await updateContact(id, { type: 'OTHER' })).toMatchObject({ extensions: { code: 'CONFLICT' } });
    expect(await updateContact(contactId, { address: null })).toMatchObject({ address: null });
    expect(await updateContact(id, { type: 'OTHER' })).toMatchObject({ type: 'OTHER', address: 'chat 2' });
  });

  test('keeps the country of a number that is only written in another way', async () => {
    const id = await made({ type: 'PHONE', address: '+254 700 000 031' });
    expect(await updateContact(id, { address: '0700-000-031' })).toMatchObject({ address: '0700-000-031' });
    expect(await createContact({ type: 'PHONE', address: '254700000031' })).toMatchObject({
      extensions: { code: 'CONFLICT', contactId: id },
    });
    // Another number is another contact's.
    expect(await updateContact(id, { address: '+254700000032' })).toMatchObject({ id });
    expect(await createContact({ type: 'PHONE', address: '254700000031' })).not.toHaveProperty('extensions');
  });

  test.each([['type'], ['canNotify']])('refuses null for %s', async field => {
    expect(await updateContact('known', { [field]: null })).toMatchObject({
      extensions: { code: 'BAD_USER_INPUT', issues: [{ path: ['input', field] }] },
    });
  });

  test('says NOT_FOUND of a contact that there is not', async () => {
    for (const id of ['nobody', '', '\u0000', '\ud800', 'x'.repeat(100)]) {
      expect(await updateContact(id, {})).toMatchObject({ extensions: { code: 'NOT_FOUND' } });
    }
  });
});

describe('a message', () => {
  test('names a contact that there is', async () => {
    const { message } = await create(gateway, { ...MINIMAL, contactId: 'known' });
    expect(message).toMatchObject({ contactId: 'known' });
    expect(await update(gateway, message.id, { contactId: 'nobody', title: 'x'.repeat(256) })).toMatchObject({
      extensions: {
        code: 'BAD_USER_INPUT',
        issues: [{ path: ['input', 'title'] }, { path: ['input', 'contactId'], message: 'names no contact' }],
      },
    });
    expect(await update(gateway, message.id, { contactId: 'known' })).toMatchObject({
      message: { version: 1 },
    });
  });

  test('of a batch does so as well, each for itself and with one look', async () => {
    const inputs = ['known', 'nobody', null].map(contactId => ({ ...MINIMAL, contactId }));
    const before = gateway.written();
    const { data } = await gateway.graphql<{
      batchCreateMessages: { results: { errors: object[]; message: { id: string } | null }[] };
    }>(
      `mutation ($inputs: [CreateMessageInput!]!) {
        batchCreateMessages(inputs: $inputs, errorPolicy: PARTIAL) { results { message { id } errors { path message } } } }`,
      { inputs },
    );
    expect(gateway.written() - before).toBe(3);
    const results = data?.batchCreateMessages.results ?? [];
    expect(results.map(({ errors }) => errors)).toEqual([
      [],
      [{ path: ['contactId'], message: 'names no contact' }],
      [],
    ]);
    const id = results[0]?.message?.id ?? '';
    const updated = await gateway.graphql(
      `mutation ($id: ID!) { batchUpdateMessages(resources: [{ id: $id, patch: { contactId: "nobody" } }]) {
        results { errors { path message } } } }`,
      { id },
    );
    expect(updated.data).toEqual({
      batchUpdateMessages: {
        results: [{ errors: [{ path: ['patch', 'contactId'], message: 'names no contact' }] }],
      },
    });
  });

  test('that came in does not change its contact, whoever is named', async () => {
    const id = await gateway.put({ direction: 'INCOMING', status: 'RECEIVED', contactId: 'known' });
    expect(await update(gateway, String(id), { contactId: 'nobody' })).toMatchObject({
      ignoredFields: ['contactId'],
    });
  });
});
