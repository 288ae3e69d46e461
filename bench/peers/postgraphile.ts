// PostGraphile 5 with its Amber preset, over views of the gateway's tables. The questions that it is asked give its names
// ours (bench/documents.ts).
import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { Client } from 'pg';
import { postgraphile } from 'postgraphile';
import { makePgService } from 'postgraphile/adaptors/pg';
import { grafserv } from 'postgraphile/grafserv/node';
import { PostGraphileAmberPreset } from 'postgraphile/presets/amber';
import { SCHEMA, VIEWS } from './postgraphile.views';

async function main(url: string): Promise<void> {
  await makeViews(url);
  const instance = postgraphile({
    extends: [PostGraphileAmberPreset],
    pgServices: [makePgService({ connectionString: url, schemas: [SCHEMA] })],
    grafserv: { graphiql: false, websockets: false },
    grafast: { explain: false },
  });
  const server = createServer();
  await instance.createServ(grafserv).addTo(server);
  server.listen(0, '127.0.0.1', () => {
    console.log(`PostGraphile listens on http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`);
  });
}

async function makeViews(url: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    for (const statement of VIEWS) await client.query(statement);
  } finally {
    await client.end();
  }
}

const [store = ''] = process.argv.slice(2);
main(store).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
