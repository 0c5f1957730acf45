import { cpus, totalmem } from 'node:os';
import { benchEmbedded, benchSupervision } from './embedded/index.js';
import { benchOutages } from './outages/index.js';

const PARTS: Readonly<Record<string, () => Promise<string>>> = {
  embedded: benchEmbedded,
  supervision: benchSupervision,
  outages: benchOutages,
};

/** Runs all parts, or those named on the command line, and prints tables in Markdown. */
async function main(names: readonly string[]): Promise<void> {
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
    process.stdout.write(`${await PARTS[name]?.()}\n\n`);
  }
}

await main(process.argv.slice(2));
