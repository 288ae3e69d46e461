import { type Client } from 'pg';
import { asPostgresRefusal } from './postgres-errors';
import { PromptClient } from './prompt-client';
import { type Server } from './server';

/** Runs `work` on a connection of its own. @throws Refusal when it cannot be made, or is lost on the way. */
export async function withClient<T>(server: Server, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new PromptClient(server.config('heliograph migrate'));
  // What goes wrong is told by the statement that it happens to.
  client.on('error', () => undefined);
  try {
    await client.connect();
  } catch (error) {
    throw server.couldNotConnect(error);
  }
  try {
    return await work(client);
  } catch (error) {
    throw asPostgresRefusal(error);
  } finally {
    await client.end().catch(() => undefined);
  }
}
