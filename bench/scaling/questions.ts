import { Client } from 'pg';
import { CONNECTIONS, type Workload, workloadsOver } from '../workloads';

/** Messages whose status the workloads move; each connection has its own. */
const RECEIVED = 10_000;

/** In no message. */
const ABSENT_WORD = 'quagmire';
/** In one message of 26. */
const FREQUENT_WORD = 'blankets';

const FIELDS = `id version direction status type title message channels contactId dataProviderId createdAt updatedAt`;

const PAGE = `query Page($filter: MessageFilter, $after: String) {
  messages(first: 50, filter: $filter, after: $after) { nodes { ${FIELDS} } pageInfo { hasNextPage } }
}`;
const COUNT = 'query Count { messages(first: 1) { totalCount } }';

/** The workloads of the benchmark over a store that is there, and some that only a large store makes interesting. */
export async function scalingWorkloads(url: string): Promise<readonly Workload[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows: ids } = await client.query<{ id: string }>(
      `select id from messages where status = 'RECEIVED' and id <= 200000 order by id limit $1`,
      [RECEIVED],
    );
    const { rows } = await client.query<{ last: string }>('select max(id) as last from messages');
    const known = workloadsOver({
      file: '',
      messages: Number(rows[0]?.last),
      receivedIds: ids.map(({ id }) => Number(id)),
      importSummary: '',
    });
    const reads = [
      question('deep', 'inbox page far from its start', {
        filter: { createdAt: { lt: '2024-10-15T00:00:00Z' } },
      }),
      question('absent', 'search for a word that is nowhere', { filter: { q: ABSENT_WORD } }),
      question('frequent', 'search for a word that is in many', { filter: { q: FREQUENT_WORD } }),
      workload('count', 'totalCount of the inbox', { query: COUNT }),
    ];
    return [...known.filter(({ isRead }) => isRead), ...reads, ...known.filter(({ isRead }) => !isRead)];
  } finally {
    await client.end();
  }
}

function question(name: string, title: string, variables: object): Workload {
  return workload(name, title, { operationName: 'Page', query: PAGE, variables });
}

function workload(name: string, title: string, body: object): Workload {
  return {
    // The names of the benchmark are a closed list, which these do not belong to.
    name: name as Workload['name'],
    ...{ title, peers: ['heliograph'], isRead: true },
    bodies: Array.from({ length: CONNECTIONS }, () => [JSON.stringify(body)]),
  };
}
