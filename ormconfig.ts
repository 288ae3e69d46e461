import 'reflect-metadata';
import { DataSource } from 'typeorm';
import { SCOPES } from './src/auth/scope.kinds';
import { sourceOptions } from './src/model';
import { readConfig } from './src/platform/config';
import { placeOf } from './src/platform/database/place';

/**
 * The store that the settings name, for TypeORM's own command line: `npm run typeorm -- migration:show`. It has no guards: a
 * script that saves messages opens the store by `openStore` of `src/model.ts`, which keeps the rules and the record.
 */
export default new DataSource({
  ...sourceOptions(placeOf(readConfig(process.env, SCOPES).databaseUrl)),
  // Here what TypeORM has to say is the answer.
  logger: 'advanced-console',
});
