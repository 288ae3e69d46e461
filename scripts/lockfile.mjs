// A lockfile without surprises: every package is pinned by a hash of its content, is no link to a folder, runs code at
// install only where package.json allows it by name, and may be used by anybody who may use this project.
import { readFileSync } from 'node:fs';

/** Licences of what users install: permissive ones, which ask for no more than to be kept beside the code. */
const LICENCES = new Set([
  'MIT',
  'MIT-0',
  'ISC',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  '0BSD',
  'BlueOak-1.0.0',
  'Python-2.0',
]);

/** Where a package.json names what it needs by itself. */
const DIRECT = ['dependencies', 'devDependencies', 'optionalDependencies'];

const read = file => JSON.parse(readFileSync(file, 'utf8'));
const problems = [
  ...problemsIn('package.json', 'package-lock.json', LICENCES),
  // What only the benchmark installs reaches no user.
  ...problemsIn('bench/package.json', 'bench/package-lock.json', null),
];
for (const problem of problems) process.stderr.write(`${problem}\n`);
if (problems.length > 0) process.exitCode = 1;

function problemsIn(manifestFile, lockFile, licences) {
  const manifest = read(manifestFile);
  const lock = read(lockFile);
  const { '': root, ...packages } = lock.packages;
  return [
    ...(lock.lockfileVersion === 3 ? [] : ['is not of version 3']),
    ...DIRECT.flatMap(kind => problemsOfDirect(manifest[kind] ?? {}, root[kind] ?? {}, packages)),
    ...Object.entries(packages).flatMap(([place, entry]) =>
      problemsOf(nameAt(place), entry, manifest.allowScripts ?? {}, licences).map(
        problem => `${nameAt(place)} ${entry.version}: ${problem}`,
      ),
    ),
  ].map(problem => `${lockFile}: ${problem}`);
}

function problemsOfDirect(wanted, locked, packages) {
  return Object.entries(wanted).flatMap(([name, version]) => [
    ...(/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version) ? [] : [`${name}: package.json must pin an exact version`]),
    ...(locked[name] === version ? [] : [`${name}: another version than in package.json`]),
    ...(packages[`node_modules/${name}`]?.version === version
      ? []
      : [`${name}: ${version} is not what is installed`]),
  ]);
}

function problemsOf(
  name,
  { dev, integrity, resolved, link, hasInstallScript, license },
  allowScripts,
  licences,
) {
  return [
    ...(integrity?.startsWith('sha512-') ? [] : ['has no sha512 of its content']),
    ...(link === true ? ['is a link to a folder'] : []),
    ...(resolved === undefined
      ? []
      : ['names the address that it came from; npm config set omit-lockfile-registry-resolved true']),
    ...(hasInstallScript && allowScripts[name] === undefined
      ? ['runs a script at install, and package.json does not say whether it may (allowScripts)']
      : []),
    ...(dev || licences === null || mayBeUsed(license, licences)
      ? []
      : [`has the licence ${license ?? '(none)'}`]),
  ];
}

/** `(MIT OR GPL-3.0)` lets its user choose, `(MIT AND ISC)` asks for both. */
function mayBeUsed(expression = '', licences) {
  const choices = expression.replace(/[()]/g, '').split(' OR ');
  return choices.some(choice => choice.split(' AND ').every(each => licences.has(each)));
}

function nameAt(place) {
  return place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length);
}
