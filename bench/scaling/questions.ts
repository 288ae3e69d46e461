import { Client } from 'pg';
import { ABSENT_WORD } from '../phrases';
import { type Bodies, CONNECTIONS, workloadsOver } from '../workloads';

/** What is sent to a store that is there. */
export interface ScalingWorkload {
  readonly name: string;
  readonly title: string;
  readonly isRead: boolean;
  readonly bodies: Bodies;
}

/** Messages whose status the workloads move; each connection has its own. */
const RECEIVED = 10_000;

/** In one message of 26. */
const FREQUENT_WORD = 'blankets';

const FIELDS = `id version direction status type title message channels contactId dataProviderId createdAt updatedAt`;

const PAGE = `query Page($filter: MessageFilter, $after: String) {
  messages(first: 50, filter: $filter, after: $after) { nodes { ${FIELDS} } pageInfo { hasNextPage } }
}`;
const COUNT = 'query Count { messages(first: 1) { totalCount } }';

/** Workloads of the benchmark over a store that is there, and some that only a large store makes interesting. */
export async function scalingWorkloads(url: string): Promise<readonly ScalingWorkload[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows: ids } = await client.query<{ id: string }>(
      `select id from messages where status = 'RECEIVED' and id <= 200000 order by id limit $1`,
      [RECEIVED],
    );
    const { rows } = await client.query<{ last: string }>('select max(id) as last from messages');
    const receivedIds = ids.map(({ id }) => Number(id));
    const store = {
      file: '',
      inbox: 0,
      messages: Number(rows[0]?.last),
      receivedIds,
      url,
      imported: NOTHING,
    };
    const known = workloadsOver(store)
      .filter(({ name }) => KNOWN.includes(name))
      .map(workload => ({
        ...workload,
        bodies: workload.bodiesFor({ name: 'heliograph', deepCursor: '' }),
      }));
    const reads = [
      question('deep', 'inbox page far from its start', {
        filter: { createdAt: { lt: '2024-10-15T00:00:00Z' } },
      }),
      question('absent', 'search for a word that is nowhere', { filter: { q: ABSENT_WORD } }),
      question('frequent', 'search for a word that is in many', { filter: { q: FREQUENT_WORD } }),
      read('count', 'totalCount of the inbox', { query: COUNT }),
    ];
    return [...known.filter(({ isRead }) => isRead), ...reads, ...known.filter(({ isRead }) => !isRead)];
  } finally {
    await client.end();
  }
}

const NOTHING = { pace: 0, peakMiB: 0 };

/** The others need a walk to a page deep down, or are asked in another way here. */
const KNOWN: readonly string[] = ['inbox', 'by-id', 'search', 'create', 'status', 'batch'];

function question(name: string, title: string, variables: object): ScalingWorkload {
  return read(name, title, { operationName: 'Page', query: PAGE, variables });
}

function read(name: string, title: string, body: object): ScalingWorkload {
  const bodies = Array.from({ length: CONNECTIONS }, () => [JSON.stringify(body)]);
  return { name, title, isRead: true, bodies };
}
