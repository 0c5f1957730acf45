import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { HUB_RECEIVE_BYTES } from '../../core/hub.js';
import { messageOf, ok, problem, type CheckResult } from './check-result.js';

const CHECK = 'hub buffers';
/** What is added is for the kernel's own bookkeeping. */
const KERNEL_FACTOR = 2;
const KIB = 1_024;

/**
 * The kernel gives the readers of a hub what they ask for, or less: with little of it, a reader that waits for the CPU loses a part of a
 * large picture. It is asked with a socket, because the setting cannot be read inside every container.
 */
export async function checkHubBuffers(wantedBytes = HUB_RECEIVE_BYTES): Promise<CheckResult> {
  const mend = `sysctl -w net.core.rmem_max=${wantedBytes}, and the same line in /etc/sysctl.d/90-holdfast.conf to keep it`;
  try {
    const givenBytes = await receiveBytesFor(wantedBytes);
    if (givenBytes >= wantedBytes) return ok(CHECK, `${inKib(givenBytes)} for each reader`);
    const detail = `the kernel gives each reader ${inKib(givenBytes)} instead of ${inKib(wantedBytes)}: pictures may be lost at high bitrates under load`;
    return problem(CHECK, detail, mend, false);
  } catch (error) {
    return problem(CHECK, messageOf(error), mend, false);
  }
}

async function receiveBytesFor(bytes: number): Promise<number> {
  const socket = createSocket('udp4');
  try {
    const listening = once(socket, 'listening');
    socket.bind(0, '127.0.0.1');
    await listening;
    socket.setRecvBufferSize(bytes);
    return socket.getRecvBufferSize() / KERNEL_FACTOR;
  } finally {
    socket.close();
  }
}

function inKib(bytes: number): string {
  return `${Math.floor(bytes / KIB)} KiB`;
}
