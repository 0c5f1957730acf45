import { readdir, readFile, readlink } from 'node:fs/promises';

/** Process ids of everything that runs for a folder; `pattern` is tried on the command line, working folder and run key. */
export async function processesOf(folder: string, pattern = /./): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    pids.map(async (pid) => {
      const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
      const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
      const workingFolder = await readlink(`/proc/${pid}/cwd`).catch(() => '');
      const description = [command.replaceAll('\0', ' '), workingFolder, environment.replaceAll('\0', ' ')];
      return description.join(' ').includes(folder) && pattern.test(description.join('\n'))
        ? [Number(pid)]
        : [];
    }),
  );
  return found.flat();
}

/** Kills everything that runs for a data directory. */
export async function stopEverythingOf(dataDir: string): Promise<void> {
  for (const pid of await processesOf(dataDir)) {
    if (pid === process.pid) continue;
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended meanwhile.
    }
  }
}
