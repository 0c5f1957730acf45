#!/usr/bin/env node
// Adds to package-lock.json the packages for other platforms that `npm install` leaves out when its registry does not
// offer them. Without them `npm ci` calls the lockfile out of sync. Run it after every change of dependencies.
import { readFileSync, writeFileSync } from 'node:fs';

const SYSTEMS = [
  'darwin',
  'linux',
  'win32',
  'android',
  'freebsd',
  'netbsd',
  'openbsd',
  'sunos',
  'aix',
  'openharmony',
];
const PROCESSORS = [
  'arm64',
  'arm',
  'x64',
  'ia32',
  'ppc64',
  'riscv64',
  's390x',
  'loong64',
  'mips64el',
  'wasm32',
];
const LIBRARIES = { musl: 'musl', gnu: 'glibc' };

/** True when npm would find the package from there: beside it or in a folder above. */
function isLocked(packages, from, name) {
  for (let folder = from; ; folder = parentOf(folder)) {
    if (packages[`${folder === '' ? '' : `${folder}/`}node_modules/${name}`] !== undefined) return true;
    if (folder === '') return false;
  }
}

/** The package in whose folder this one is installed; the project itself is ''. */
function parentOf(folder) {
  return folder.slice(0, folder.lastIndexOf('node_modules/')).replace(/\/$/, '');
}

/** Names of platform packages say for what they are, e.g. `@swc/core-linux-arm64-musl`. */
function platformEntry(name, version) {
  const words = name.split(/[-/]/);
  const os = SYSTEMS.filter((system) => words.includes(system));
  const cpu = PROCESSORS.filter((processor) => words.includes(processor));
  const libc = Object.keys(LIBRARIES).filter((library) => os.includes('linux') && words.includes(library));
  if (os.length === 0 && cpu.length === 0) return undefined;
  return {
    version,
    ...(cpu.length === 0 ? {} : { cpu }),
    ...(libc.length === 0 ? {} : { libc: libc.map((library) => LIBRARIES[library]) }),
    optional: true,
    ...(os.length === 0 ? {} : { os }),
  };
}

const [file = new URL('../package-lock.json', import.meta.url)] = process.argv.slice(2);
const lock = JSON.parse(readFileSync(file, 'utf8'));
const added = [];
for (const [path, { optionalDependencies = {} }] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(optionalDependencies)) {
    if (isLocked(lock.packages, path, name)) continue;
    const entry = platformEntry(name, version);
    if (entry === undefined) continue;
    lock.packages[`node_modules/${name}`] = entry;
    added.push(name);
  }
}
if (added.length > 0) {
  lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)));
  writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
}
process.stdout.write(`${added.length} platform packages added\n`);
