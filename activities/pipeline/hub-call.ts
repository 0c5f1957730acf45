import { createSocket } from 'node:dgram';
import type { HubAddress } from '../../core/hub.js';

const LOOPBACK = '127.0.0.1';
const TRANSPORT_PACKET_BYTES = 188;
/** No stream of an ingest has these numbers; readers throw away what comes with them. */
const CALL_PID_FIRST = 0x1f00;
/** A reader that hears a call while it still looks at its input never hears one with the same number again. */
const CALL_PIDS = 16;

/**
 * Says something to the readers of a hub that is no media. ffmpeg looks for signals between two packets only: while nothing comes, it waits for ever and hears
 * of no polite end; a second signal would end it, but in the middle of what it writes. Never throws: a call that is not heard changes nothing.
 */
export function callHub({ address, port }: HubAddress): void {
  const socket = createSocket('udp4');
  const close = (): void => {
    socket.close();
  };
  socket.once('error', close);
  socket.bind(0, LOOPBACK, () => {
    // As the ingest sends: to this machine only.
    socket.setMulticastInterface(LOOPBACK);
    socket.setMulticastTTL(0);
    socket.send(nextCall(), port, address, close);
  });
}

let calls = 0;

/** One whole transport packet with one whole packet of a private stream. */
function nextCall(): Buffer {
  const pid = CALL_PID_FIRST + (calls % CALL_PIDS);
  calls += 1;
  const words = Buffer.from('holdfast');
  const flags = Buffer.from([0x80, 0x00, 0x00]);
  const header = Buffer.from([0x00, 0x00, 0x01, 0xbd, 0x00, flags.length + words.length]);
  const payload = Buffer.concat([header, flags, words]);
  const stuffing = Buffer.alloc(TRANSPORT_PACKET_BYTES - 4 - payload.length, 0xff);
  stuffing[0] = stuffing.length - 1;
  // Its counter does not go on from the call before.
  stuffing[1] = 0x80;
  return Buffer.concat([Buffer.from([0x47, 0x40 | (pid >> 8), pid & 0xff, 0x30]), stuffing, payload]);
}
