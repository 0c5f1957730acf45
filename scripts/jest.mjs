// Runs the lanes of jest.config.mjs side by side, each in a process of its own. Arguments go to each of them.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import config from '../jest.config.mjs';

const program = [
  '--experimental-vm-modules',
  '--disable-warning=ExperimentalWarning',
  fileURLToPath(import.meta.resolve('jest/bin/jest')),
];
const asked = process.argv.slice(2);

/** The arguments that run one lane. */
function laneArguments({ displayName }) {
  return [...program, ...asked, '--selectProjects', displayName];
}

/** A lane without a test that was asked for is left out: jest would fail it. */
function hasTests(lane) {
  const listing = spawnSync(process.execPath, [...laneArguments(lane), '--listTests'], { encoding: 'utf8' });
  if (listing.status !== 0) {
    process.stderr.write(listing.stderr);
    process.exit(1);
  }
  return listing.stdout.includes('.test.ts');
}

const lanes = config.projects.filter(hasTests);
if (lanes.length === 0) {
  console.error(`No test is asked for by: ${asked.join(' ')}`);
  process.exit(1);
}

const children = lanes.map((lane) =>
  spawn(process.execPath, laneArguments(lane), { stdio: ['ignore', 'inherit', 'inherit'] }),
);
const endings = await Promise.all(children.map((child) => once(child, 'exit')));
process.exitCode = endings.every(([code]) => code === 0) ? 0 : 1;
