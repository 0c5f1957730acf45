import { connect } from 'node:net';

/** Sends bytes as they are and reads all that comes back. */
export async function sendRaw(url: string, text: string): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port) });
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  socket.write(text);
  await new Promise((resolve, reject) => {
    socket.once('close', resolve);
    socket.once('error', reject);
    socket.setTimeout(10_000, () => socket.destroy(new Error('no end')));
  });
  return Buffer.concat(chunks).toString();
}

/** A request as text, whatever method and headers it has. */
export function request(path: string, headers: Readonly<Record<string, string>>, method = 'GET'): string {
  const lines = Object.entries({ connection: 'close', ...headers }).map(
    ([name, value]) => `${name}: ${value}`,
  );
  return `${method} ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`;
}
