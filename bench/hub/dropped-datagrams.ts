import { readFile } from 'node:fs/promises';
import type { HubAddress } from '../../core/hub.js';

/** Datagrams that the kernel has dropped because the buffer of a reader's socket was full: all readers that are there, together. */
export async function droppedDatagrams({ address, port }: HubAddress): Promise<number> {
  const wanted = `${littleEndian(address)}:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const table = await readFile('/proc/net/udp', 'utf8');
  return table
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter(([, local]) => local === wanted)
    .reduce((sum, fields) => sum + Number(fields.at(-1)), 0);
}

/** As `/proc/net/udp` writes addresses on the machines this runs on. */
function littleEndian(address: string): string {
  const octets = address.split('.').map((octet) => Number(octet).toString(16).padStart(2, '0'));
  return octets.toReversed().join('').toUpperCase();
}
