import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { randomUUID } from 'node:crypto';
import type { HubAddress } from '../../core/hub.js';
import { messageOf, ok, problem, type CheckResult } from './check-result.js';

const LOOPBACK = '127.0.0.1';
/** A packet on loopback takes microseconds; a busy machine gets time. */
const ARRIVAL_TIMEOUT_MS = 3_000;

/**
 * A packet sent to the group comes back on loopback, which is how an ingest feeds its outputs. A port of its own is
 * used: readers of a running capture hear nothing of it.
 */
export async function checkHub(name: string, hub: HubAddress): Promise<CheckResult> {
  const check = `${name} hub`;
  try {
    await sendToOurselves(hub.address);
    return ok(check, `${hub.address} works on loopback`);
  } catch (error) {
    const mend =
      'allow multicast on loopback: ip link set lo up multicast on; let the firewall pass 239.255.0.0/16 on lo';
    return problem(check, `${hub.address}: ${messageOf(error)}`, mend, true);
  }
}

async function sendToOurselves(group: string): Promise<void> {
  const receiver = createSocket({ type: 'udp4', reuseAddr: true });
  const sender = createSocket('udp4');
  try {
    await bound(receiver, 0, group);
    receiver.addMembership(group, LOOPBACK);
    await bound(sender, 0, LOOPBACK);
    sender.setMulticastInterface(LOOPBACK);
    sender.setMulticastTTL(0);
    const packet = randomUUID();
    const arrived = arrivalOf(receiver, packet);
    sender.send(packet, receiver.address().port, group);
    await arrived;
  } finally {
    receiver.close();
    sender.close();
  }
}

async function bound(socket: Socket, port: number, address: string): Promise<void> {
  const listening = once(socket, 'listening');
  socket.bind(port, address);
  await listening;
}

async function arrivalOf(receiver: Socket, packet: string): Promise<void> {
  const signal = AbortSignal.timeout(ARRIVAL_TIMEOUT_MS);
  for (;;) {
    try {
      const [content] = (await once(receiver, 'message', { signal })) as [Buffer];
      if (content.toString() === packet) return;
    } catch (error) {
      if (signal.aborted) throw new Error('a packet sent to it does not come back', { cause: error });
      throw error;
    }
  }
}
