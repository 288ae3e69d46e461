import {
  type ConfiguredProvider,
  nameOf,
  type RegisteredHook,
  type RegisteredKind,
} from '../../../src/providers/kind';
import { type Provider, type Sample } from '../../../src/providers/provider.kinds';
import { checkProviders } from '../../../src/providers/setup/providers-file';
import { type Gateway } from '../../support/gateway';
import { type Fixture, fixturesOf } from '../fixtures';

/** By which services call the gateway; it listens elsewhere, as behind a proxy. */
export const PUBLIC_URL = 'https://gateway.example.org/desk';
export const SECRET = 'contract-secret-0123456789';
export const OTHER_SECRET = 'another-secret-0123456789';

/** A provider that is set up as a fixture asks. */
export interface Scene {
  readonly kind: RegisteredHook;
  readonly fixture: Fixture;
  readonly configured: ConfiguredProvider;
  readonly provider: Provider;
  /** Without proof. */
  readonly sample: Sample;
}

export function isHook(kind: RegisteredKind): kind is RegisteredHook {
  return 'hook' in kind;
}

/** One for each fixture of a kind, whose providers have ids of their own. @param use tells those of one use from others. */
export function scenesOf(kind: RegisteredHook, use: string): readonly Scene[] {
  return fixturesOf(nameOf(kind)).map((fixture, index) => {
    const id = `${nameOf(kind)}-${use}-${index}`;
    const configured = setUp({ id, kind: nameOf(kind), secret: SECRET, ...fixture.provider });
    return {
      kind,
      fixture,
      configured,
      provider: configured.provider,
      sample: fixture.sample(`${PUBLIC_URL}/providers/${id}`),
    };
  });
}

/** The one that holds a message. */
export function messageScene(kind: RegisteredHook, use: string): Scene {
  const scene = scenesOf(kind, use).find(({ fixture }) => fixture.messages.length > 0);
  if (scene === undefined) throw new Error(`No fixture of ${nameOf(kind)} holds a message.`);
  return scene;
}

/** A provider as the file would set it up: JSON is YAML. */
export function setUp(settings: Readonly<Record<string, unknown>>): ConfiguredProvider {
  const [provider] = checkProviders(JSON.stringify({ providers: [settings] }), PUBLIC_URL, {});
  if (provider === undefined) throw new Error('There is no provider.');
  return provider;
}

/** With proof, as it is due now. */
export function proven({ kind, provider, sample }: Scene, now: Date, secret = SECRET): Sample {
  return kind.hook.prove(sample, secret, provider, now);
}

/** Sends a request to where the gateway listens. */
export async function send(gateway: Gateway, { method, url, headers, body }: Sample): Promise<Answer> {
  const target = url.replace(PUBLIC_URL, gateway.url.replace('/graphql', ''));
  const response = await fetch(target, {
    method,
    headers,
    ...(method === 'POST' ? { body: Buffer.from(body) } : {}),
  });
  return { status: response.status, headers: response.headers, body: await response.text() };
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

export interface StoredMessage {
  readonly id: string;
  readonly [field: string]: unknown;
}

/** The messages of a provider, in the order of their ids. */
export async function storedBy(gateway: Gateway, providerId: string): Promise<readonly StoredMessage[]> {
  const { data } = await gateway.graphql<{ messages: { nodes: readonly StoredMessage[] } }>(
    `query ($id: ID!) { messages(filter: { dataProviderId: [$id] }, orderBy: { field: ID, direction: ASC }, first: 500) { nodes {
      id direction status type title message channels dataFeedId dataProviderMessageId additionalData sentAt contactId
      parentId
    } } }`,
    { id: providerId },
  );
  return data?.messages.nodes ?? [];
}

/** As a fixture tells of them: the parent is told by its place. */
export function asTold(messages: readonly StoredMessage[]): readonly object[] {
  return messages.map(message => {
    const place = messages.findIndex(({ id }) => id === message['parentId']);
    return { ...message, parent: place === -1 ? null : place };
  });
}

export async function countOf(gateway: Gateway, table: string, condition = 'true'): Promise<number> {
  const [row] = await gateway.database.read<{ count: number }>(
    `select count(*) as "count" from ${table} where ${condition}`,
  );
  return row?.count ?? 0;
}
