// The stock stack: Apollo's standalone server, TypeGraphQL and TypeORM repositories, put together as a good engineer
// who is new to them would: by the documents, with an index that fits the inbox, WAL, and writes in a queue.
import 'reflect-metadata';
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { buildSchema } from 'type-graphql';
import { DataSource } from 'typeorm';
import { type Context, createContext } from './stock.context';
import { Message } from './stock.message';
import { MessageConnectionResolver, MessageResolver } from './stock.resolver';

async function main(storeFile: string, sampleFile: string): Promise<void> {
  const dataSource = new DataSource({
    type: 'sqlite',
    database: storeFile,
    entities: [Message],
    synchronize: true,
    enableWAL: true,
  });
  await dataSource.initialize();
  await fill(dataSource, sampleFile);
  const resolver = new MessageResolver(dataSource);
  const connectionResolver = new MessageConnectionResolver(dataSource);
  const schema = await buildSchema({
    resolvers: [MessageResolver, MessageConnectionResolver],
    container: { get: asked => (asked === MessageResolver ? resolver : connectionResolver) },
    validate: false,
  });
  const server = new ApolloServer<Context>({ schema });
  const { url } = await startStandaloneServer(server, {
    listen: { port: 0, host: '127.0.0.1' },
    context: () => Promise.resolve(createContext(dataSource)),
  });
  console.log(`The stock stack listens on ${url}`);
}

/** Takes the gateway's messages over, in a table of the form that TypeORM gives it. */
async function fill(dataSource: DataSource, sampleFile: string): Promise<void> {
  await dataSource.query('attach ? as sample', [sampleFile]);
  await dataSource.query(
    `insert into messages (id, version, direction, status, type, title, message, channels, "recipientIds", "parentId",
      "contactId", "postId", "dataFeedId", "dataProviderId", "dataProviderMessageId", "additionalData", "sendAt",
      "sentAt", "createdAt", "updatedAt")
     select id, version, direction, status, type, title, message, channels, recipient_ids, parent_id,
      contact_id, post_id, data_feed_id, data_provider_id, data_provider_message_id, additional_data,
      ${['send_at', 'sent_at', 'created_at', 'updated_at'].map(dateText).join(', ')}
     from sample.messages order by id`,
  );
  await dataSource.query('detach sample');
}

/** Milliseconds since 1970 as TypeORM writes a date on SQLite; in whole numbers, so that no digit is rounded. */
function dateText(column: string): string {
  return `strftime('%Y-%m-%d %H:%M:%S', ${column} / 1000, 'unixepoch') || printf('.%03d', ${column} % 1000)`;
}

const [storeFile = '', sampleFile = ''] = process.argv.slice(2);
main(storeFile, sampleFile).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
