import { randomInt } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { on, once } from 'node:events';
import { abortable } from '../../device/abortable.js';
import { httpFailureOf } from '../http/failure.js';
import { NO_PORT, parseAddress } from './address.js';
import type { ProbeAnswer } from './probe.js';

/** A datagram may get lost: SRT itself sends its own again after this long. */
const REPEAT_INTERVAL_MS = 250;
const HEADER_BYTES = 16;
const HANDSHAKE_BYTES = 48;
/** A control packet of type 0, which is a handshake. */
const HANDSHAKE_PACKET = 0x8000_0000;
const INDUCTION = 1;

/**
 * Greets an SRT listener as a caller does and goes no further: after the induction it keeps nothing of a caller, so that a place for a
 * real one is not taken.
 */
export async function probeSrt(url: string, signal: AbortSignal): Promise<ProbeAnswer> {
  const place = parseAddress(url, 0);
  if (place === null) return NO_PORT;
  let socket: Socket | null = null;
  try {
    const { address, family } = await abortable(lookup(place.host), signal);
    socket = createSocket(family === 6 ? 'udp6' : 'udp4');
    // A refusal that comes in between two questions is told by the next one.
    socket.on('error', () => undefined);
    socket.connect(place.port, address);
    await once(socket, 'connect', { signal });
    await greetUntilAnswered(socket, signal);
    return { answered: true, detail: `an SRT listener answers on port ${place.port}` };
  } catch (error) {
    signal.throwIfAborted();
    return { answered: false, detail: httpFailureOf(error).message };
  } finally {
    socket?.close();
  }
}

/** Throws when the signal ends it or the host says that nobody listens. */
async function greetUntilAnswered(socket: Socket, signal: AbortSignal): Promise<void> {
  const caller = randomInt(1, 2 ** 30);
  const greeting = inductionOf(caller);
  const messages = on(socket, 'message', { signal }) as AsyncIterable<[Buffer]>;
  socket.send(greeting);
  const repeat = setInterval(() => socket.send(greeting), REPEAT_INTERVAL_MS);
  try {
    for await (const [message] of messages) if (isAnswerTo(caller, message)) return;
  } finally {
    clearInterval(repeat);
  }
}

/** The first packet of a caller: version 4, cookie 0. */
function inductionOf(caller: number): Buffer {
  const packet = Buffer.alloc(HEADER_BYTES + HANDSHAKE_BYTES);
  packet.writeUInt32BE(HANDSHAKE_PACKET, 0);
  packet.writeUInt32BE(4, 16);
  // No encryption is said yet; extension 2 is how SRT marks its own callers among those of UDT.
  packet.writeUInt32BE(2, 20);
  packet.writeUInt32BE(randomInt(2 ** 31), 24);
  // Largest packet and window: the usual ones.
  packet.writeUInt32BE(1_500, 28);
  packet.writeUInt32BE(8_192, 32);
  packet.writeUInt32BE(INDUCTION, 36);
  packet.writeUInt32BE(caller, 40);
  return packet;
}

function isAnswerTo(caller: number, packet: Buffer): boolean {
  return (
    packet.length >= HEADER_BYTES + HANDSHAKE_BYTES &&
    packet.readUInt32BE(0) === HANDSHAKE_PACKET &&
    packet.readUInt32BE(12) === caller &&
    packet.readUInt32BE(36) === INDUCTION
  );
}
