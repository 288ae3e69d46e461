import DataLoader from 'dataloader';
import { type DataSource, In } from 'typeorm';
import { Message } from './stock.message';

/** What the resolvers of one request share: loaders, so that a list of threads takes three statements. */
export interface Context {
  readonly parents: DataLoader<number, Message | null>;
  /** Of one message, oldest first. */
  readonly replies: DataLoader<number, readonly Message[]>;
}

export function createContext(dataSource: DataSource): Context {
  const repository = dataSource.getRepository(Message);
  return {
    parents: new DataLoader(async ids => {
      const found = await repository.findBy({ id: In(ids) });
      const byId = new Map(found.map(message => [message.id, message]));
      return ids.map(id => byId.get(id) ?? null);
    }),
    replies: new DataLoader(async ids => {
      const found = await repository.find({
        where: { parentId: In(ids) },
        order: { createdAt: 'ASC', id: 'ASC' },
      });
      return ids.map(id => found.filter(({ parentId }) => parentId === id));
    }),
  };
}
