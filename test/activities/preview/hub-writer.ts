import { randomInt } from 'node:crypto';
import { execa } from 'execa';
import { hubOutputUrl } from '../../../activities/pipeline/hub.js';
import { HUB_PORT, type HubAddress } from '../../../core/hub.js';

/** A hub that no other test has. */
export function freeHub(): HubAddress {
  return { address: `239.255.${randomInt(256)}.${randomInt(1, 255)}`, port: HUB_PORT };
}

/** An ffmpeg that feeds a hub with a test picture, as an ingest does, until it is stopped. */
export function feedHub(hub: HubAddress, video: string): { stop(): Promise<void> } {
  const child = execa(
    'ffmpeg',
    [
      ['-nostdin', '-loglevel', 'error', '-re', '-f', 'lavfi', '-i', video],
      ['-re', '-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=48000'],
      ['-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-pix_fmt', 'yuv420p'],
      ['-b:v', '4M', '-g', '20', '-c:a', 'aac', '-t', '120'],
      ['-mpegts_flags', '+resend_headers+initial_discontinuity', '-f', 'mpegts', hubOutputUrl(hub)],
    ].flat(),
    { reject: false, stdin: 'ignore' },
  );
  return {
    stop: async () => {
      child.kill('SIGKILL');
      await child;
    },
  };
}
