// Known vulnerabilities in what users install. A registry that does not answer audits is said, not taken for a yes.
import { spawnSync } from 'node:child_process';

/**
 * Advisories that we live with, by their address, each with the reason why they do no harm here and the day on which that is
 * looked at again: `'https://github.com/advisories/GHSA-…': { reason: '…', until: '2027-01-31' }`.
 */
const EXCEPTIONS = {};

/** npm's words for what must be mended before a change lands. */
const SERIOUS = ['high', 'critical'];

const { stdout, stderr } = spawnSync('npm', ['audit', '--omit=dev', '--audit-level=high', '--json'], {
  encoding: 'utf8',
});
const report = parsed(stdout);
if (report?.vulnerabilities !== undefined) {
  for (const advisory of seriousOf(report.vulnerabilities)) {
    process.stderr.write(`${advisory}\n`);
    process.exitCode = 1;
  }
} else if (/ENOAUDIT|405|404|ENOTFOUND|EAI_AGAIN|ECONNREFUSED/.test(`${stdout}${stderr}`)) {
  process.stdout.write('Skipped: the registry does not answer audits here.\n');
} else {
  process.stderr.write(`npm audit failed in a way that this check does not know:\n${stdout}${stderr}\n`);
  process.exitCode = 1;
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Entries of `via` are advisories, or names of packages that have advisories of their own. */
function seriousOf(vulnerabilities) {
  const today = new Date().toISOString().slice(0, 10);
  const advisories = Object.values(vulnerabilities)
    .flatMap(({ via }) => via)
    .filter(via => typeof via === 'object' && SERIOUS.includes(via.severity))
    .filter(({ url }) => !(EXCEPTIONS[url]?.until >= today))
    .map(({ name, range, title, url }) => `${name} ${range}: ${title} (${url})`);
  return [...new Set(advisories)];
}
