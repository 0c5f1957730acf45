import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import type { HubAddress } from '../../../../core/hub.js';

export interface LossyRelay {
  /** Datagrams that were not passed on. */
  readonly dropped: number;
  /** The next datagrams are lost. */
  drop(datagrams: number): void;
  close(): void;
}

/** Copies one hub into another and loses what it is told to lose. */
export async function startLossyRelay(from: HubAddress, to: HubAddress): Promise<LossyRelay> {
  const socket = createSocket({ type: 'udp4', reuseAddr: true });
  socket.bind(from.port, from.address);
  await once(socket, 'listening');
  socket.addMembership(from.address, '127.0.0.1');
  socket.setMulticastInterface('127.0.0.1');
  socket.setMulticastTTL(0);
  let dropped = 0;
  let toDrop = 0;
  socket.on('message', (datagram) => {
    if (toDrop > 0) {
      toDrop -= 1;
      dropped += 1;
    } else {
      socket.send(datagram, to.port, to.address);
    }
  });
  return {
    get dropped() {
      return dropped;
    },
    drop: (datagrams) => {
      toDrop += datagrams;
    },
    close: () => socket.close(),
  };
}
