import { z } from 'zod';

const serverFileSchema = z.object({
  /** `host:port` of the gRPC frontend. */
  address: z.string().min(1),
  /** Address of the Web UI, or null when the server runs without one. */
  uiUrl: z.string().nullable(),
  pid: z.number().int().positive(),
  /** Clock ticks since boot at which the process started; with `pid` it names the process for ever (until a reboot). */
  startTicks: z.number().nonnegative(),
  /** Boot in which `startTicks` counts; a number of another boot says nothing. */
  bootId: z.string(),
  /** ISO 8601, UTC. */
  startedAt: z.string(),
});

/** What `<data_dir>/server.json` says of the embedded Temporal server. */
export type ServerFile = z.output<typeof serverFileSchema>;

/** Where the embedded server of a data directory is written down. */
export function serverFilePath(dataDir: string): string {
  return `${dataDir.replace(/\/+$/, '')}/server.json`;
}

/** Reads the file's text; undefined when it is damaged, because it can always be written anew. */
export function parseServerFile(text: string): ServerFile | undefined {
  try {
    return serverFileSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
