// A test file that leaves a server listening, or a process running, fails: the next one would meet it.
const { TestEnvironment } = require('jest-environment-node');

const LEAKS = { TCPServerWrap: 'a listening server', ProcessWrap: 'a running process' };
const GRACE_MS = 1_000;

module.exports = class LeakCheckEnvironment extends TestEnvironment {
  constructor(config, context) {
    super(config, context);
    this.testPath = context.testPath;
  }

  async teardown() {
    await super.teardown();
    const deadline = Date.now() + GRACE_MS;
    while (leaks().length > 0 && Date.now() < deadline) await new Promise(resolve => setTimeout(resolve, 20));
    if (leaks().length > 0) throw new Error(`${this.testPath} leaves behind ${leaks().join(' and ')}.`);
  }
};

function leaks() {
  const active = process.getActiveResourcesInfo();
  return Object.keys(LEAKS)
    .filter(name => active.includes(name))
    .map(name => LEAKS[name]);
}
