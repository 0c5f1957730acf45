import { createServer, type AddressInfo } from 'node:net';

/** Where people expect a Temporal development server and its Web UI. */
export const DEFAULT_PORT = 7233;
export const DEFAULT_UI_PORT = 8233;

export interface PortChoice {
  readonly port: number;
  /** True when the wanted port was taken and another one was chosen. */
  readonly fellBack: boolean;
}

/** Chooses the port that is wanted (0 is any free one), or any free one when it is taken. */
export async function choosePort(wanted: number): Promise<PortChoice> {
  const port = await bindOnce(wanted);
  if (port !== undefined) return { port, fellBack: false };
  const free = await bindOnce(0);
  if (free === undefined) throw new Error('no port of 127.0.0.1 is free');
  return { port: free, fellBack: true };
}

/** Binds the port for a moment; its number, or undefined when it is taken. */
async function bindOnce(port: number): Promise<number | undefined> {
  const server = createServer();
  try {
    return await new Promise<number | undefined>((resolve, reject) => {
      server.once('error', (error: NodeJS.ErrnoException) => {
        if (error.code === 'EADDRINUSE' || error.code === 'EACCES') resolve(undefined);
        else reject(error);
      });
      server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
        resolve((server.address() as AddressInfo).port);
      });
    });
  } finally {
    if (server.listening) await new Promise((resolve) => server.close(resolve));
  }
}
