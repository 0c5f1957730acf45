import { cpus, totalmem } from 'node:os';
import { benchEmbedded, benchSupervision } from './embedded/index.js';
import { benchHub } from './hub/index.js';
import { benchJobs } from './jobs/index.js';
import { benchOutages } from './outages/index.js';
import { benchSources } from './sources/index.js';

interface BenchOptions {
  /** A shorter run for a first look; its figures are for no document. */
  readonly quick: boolean;
}

const PARTS: Readonly<Record<string, (options: BenchOptions) => Promise<string>>> = {
  embedded: benchEmbedded,
  supervision: benchSupervision,
  outages: benchOutages,
  hub: benchHub,
  sources: benchSources,
  jobs: benchJobs,
};

/** Runs all parts, or those named on the command line, and prints tables in Markdown. `--quick` shortens the parts that know how. */
async function main(words: readonly string[]): Promise<void> {
  const quick = words.includes('--quick');
  const names = words.filter((word) => word !== '--quick');
  const unknown = names.filter((name) => PARTS[name] === undefined);
  if (unknown.length > 0) {
    process.stderr.write(`${unknown.join(', ')}: no such part; expected ${Object.keys(PARTS).join(', ')}\n`);
    process.exitCode = 2;
    return;
  }
  const [processor] = cpus();
  process.stdout.write(
    `${cpus().length} × ${processor?.model ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}\n\n`,
  );
  for (const name of names.length > 0 ? names : Object.keys(PARTS)) {
    process.stdout.write(`${await PARTS[name]?.({ quick })}\n\n`);
  }
}

await main(process.argv.slice(2));
