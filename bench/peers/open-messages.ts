import { type Messages } from './messages';
import { openPostgresMessages } from './messages.postgres';
import { openSqliteMessages } from './messages.sqlite';

/** @param store of the gateway, written like DATABASE_URL. */
export function openMessages(store: string): Messages {
  return store.startsWith('sqlite:')
    ? openSqliteMessages(store.slice('sqlite:'.length))
    : openPostgresMessages(store);
}
