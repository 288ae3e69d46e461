// A test file that leaves a server listening, or a process running, fails: the next one would meet it.
const { TestEnvironment } = require('jest-environment-node');

const LEAKS = { TCPServerWrap: 'a listening server', ProcessWrap: 'a running process' };
const GRACE_MS = 1_000;

module.exports = class LeakCheckEnvironment extends TestEnvironment {
  constructor(config, context) {
    super(config, context);
    this.testPath = context.testPath;
    this.global.requireNatively = require;
    // Where Jest runs few files, it does so in the process that has started PostgreSQL.
    this.before = Object.fromEntries(Object.keys(LEAKS).map(name => [name, count(name)]));
  }

  async teardown() {
    await super.teardown();
    const deadline = Date.now() + GRACE_MS;
    while (this.leaks().length > 0 && Date.now() < deadline)
      await new Promise(resolve => setTimeout(resolve, 20));
    if (this.leaks().length > 0) {
      throw new Error(`${this.testPath} leaves behind ${this.leaks().join(' and ')}.`);
    }
  }

  leaks() {
    return Object.keys(LEAKS)
      .filter(name => count(name) > this.before[name])
      .map(name => LEAKS[name]);
  }
};

function count(name) {
  return process.getActiveResourcesInfo().filter(active => active === name).length;
}
