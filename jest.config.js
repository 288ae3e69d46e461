// An awkward zone (half an hour off, with daylight saving) shows wherever local time slips in; on a server in UTC nothing
// would. Set before the workers start, as they take it over; `TZ=UTC npm test` runs the suite in another.
process.env.TZ ??= 'America/St_Johns';

/** @type {import('jest').Config} */
module.exports = {
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  // Many tests wait, for a lock or a process: one worker for each core halves the time, where Jest would leave one core idle.
  maxWorkers: '100%',
  testEnvironment: '<rootDir>/test/support/leak-check.js',
  // Two packages ship ES modules only; Node loads them by require, Jest's own loader needs them compiled.
  transformIgnorePatterns: [
    '/node_modules/(?!(temporal-polyfill|temporal-utils|htmlparser2|domhandler|domutils|dom-serializer|domelementtype|entities)/)',
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
  testTimeout: 20_000,
  // What a failed leak check has found would keep Jest itself from ending.
  forceExit: true,
};
