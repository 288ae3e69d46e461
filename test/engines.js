// Which test runs on which engine. Every file runs on both, SQLite and PostgreSQL, unless it or its folder is named here;
// what a new file must do for that is checked by test/engines.test.ts. A name that ends in `/` is a folder.

/** Without a store there is nothing to compare: these run once, beside those on SQLite. */
const STORELESS = [
  'auth/access.test.ts',
  'auth/token.rules.test.ts',
  'bench/',
  'contacts/contact.key.test.ts',
  'contacts/phone.key.test.ts',
  'demo/demo-messages.test.ts',
  'engines.test.ts',
  'messages/filter-refusals.test.ts',
  'messages/plain-text.rules.test.ts',
  'messages/status.rules.test.ts',
  'messages/text-label.test.ts',
  'packaging/compose.test.ts',
  'platform/config.test.ts',
  'platform/database/clause.test.ts',
  'platform/database/cursor.test.ts',
  'platform/database/turns.test.ts',
  'platform/instant.test.ts',
  'platform/lines.test.ts',
  'platform/observability/',
  'platform/server/admission.test.ts',
  'platform/server/coercion.test.ts',
  'platform/server/deadline.test.ts',
  'platform/server/errors.test.ts',
  'platform/server/explorer.test.ts',
  'platform/server/gate.test.ts',
  'platform/server/http.test.ts',
  'platform/server/lifetime.test.ts',
  'platform/server/refusal-pace.test.ts',
  'platform/server/slow-clients.test.ts',
  'platform/text.rules.test.ts',
  'platform/time-slices.test.ts',
  'providers/email/',
  'providers/generic.test.ts',
  'providers/kinds/',
  'providers/mending.rules.test.ts',
  'providers/providers-file.test.ts',
  'providers/seal.test.ts',
  'providers/sections.test.ts',
  'providers/service-times.test.ts',
  'schedules/',
];

/** What is about the file of a store, its locks and its connections, or about how SQLite finds rows. */
const SQLITE_ONLY = [
  // The file is damaged, locked, lost, read-only, or on a full disk.
  'faults/corrupt.test.ts',
  'faults/disk-full.test.ts',
  'faults/locked.test.ts',
  'faults/lost-file.test.ts',
  'faults/read-only.test.ts',
  'platform/database/open-file.test.ts',
  'platform/database/store-file.test.ts',
  // The threads of the driver, and triggers and statements in its own words.
  'faults/nth-statement.test.ts',
  'faults/savepoint.test.ts',
  'platform/database/deadlines.test.ts',
  'platform/database/shared-commit.test.ts',
  // Its query planner.
  'audit/audit-plans.test.ts',
  'contacts/contact-plans.test.ts',
  'messages/list-plans.test.ts',
  // The commands, on a file whose presence and bytes they look at.
  'commands/',
  // A store of a release before there was PostgreSQL.
  'audit/upgrade.test.ts',
  'audit/provider-upgrade.test.ts',
];

/** What is about the server, its sessions and its migrations, or moves stores from one engine to the other. */
const POSTGRES_ONLY = ['copy/', 'faults/postgres/', 'platform/postgres/'];

module.exports = { STORELESS, SQLITE_ONLY, POSTGRES_ONLY };
