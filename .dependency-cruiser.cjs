/** The arrows of docs/ARCHITECTURE.md, as rules. */
const subjectOrder = ['platform', 'auth', 'audit', 'schedules', 'contacts', 'messages', 'providers'];
const later = subject => subjectOrder.slice(subjectOrder.indexOf(subject) + 1).join('|');

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'Two modules that need each other are one module.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    ...subjectOrder.slice(0, -1).map(subject => ({
      name: `${subject}-knows-nothing-to-its-right`,
      comment: 'Arrows between subjects go one way; put what joins two subjects into the one further right.',
      severity: 'error',
      from: { path: `^src/${subject}/` },
      to: { path: `^src/(${later(subject)})/` },
    })),
    {
      name: 'only-the-top-wires',
      comment: 'Subjects are handed what they need; only src/*.ts and src/commands build and connect.',
      severity: 'error',
      from: { path: '^src/[^/]+/', pathNot: '^src/commands/' },
      to: { path: '^src/([^/]+\\.ts$|commands/)' },
    },
    {
      name: 'rules-are-pure',
      comment: 'A rule is a table or a pure function: no clock, no database, no GraphQL.',
      severity: 'error',
      from: { path: '\\.(rules|kinds)\\.ts$' },
      to: {
        path: '(node_modules/(typeorm|type-graphql|graphql|fastify|sqlite3)/|\\.(entity|store|service|resolver|types)\\.ts$|platform/(clock|database))',
      },
    },
    {
      name: 'the-edge-does-not-reach-below',
      comment: 'Stores and entities know nothing of services or of GraphQL.',
      severity: 'error',
      from: { path: '\\.(entity|store|filter|order)\\.ts$' },
      to: {
        path: '(\\.(service|batch|resolver|types|loader)\\.ts$|node_modules/(type-graphql|fastify|@apollo)/)',
      },
    },
    {
      name: 'services-know-no-edge',
      severity: 'error',
      comment: 'A service is called by every edge and knows none of them.',
      from: { path: '\\.(service|batch)\\.ts$' },
      to: { path: '(\\.(resolver|types|loader)\\.ts$|node_modules/(type-graphql|graphql|fastify|@apollo)/)' },
    },
    {
      name: 'data-sources-stay-in-the-database',
      severity: 'error',
      comment: 'Only platform/database may hold a connection; everything else asks it to read or to write.',
      from: { path: '^src/', pathNot: '^src/platform/database/' },
      to: { path: 'node_modules/sqlite3/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
  },
};
