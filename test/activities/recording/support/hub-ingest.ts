import { spawn } from 'node:child_process';
import { hubOutputUrl } from '../../../../activities/pipeline/hub.js';
import { hubOf, type HubAddress } from '../../../../core/hub.js';

/** An ingest as plain as can be: whatever it reads goes into the hub. */
export interface HubIngest {
  kill(): Promise<void>;
}

/** A hub that no other test on this machine uses. */
export function hubOfThisProcess(name: string): HubAddress {
  return hubOf(`${name}-${process.pid}-${Date.now()}`);
}

/** Copies a source of MPEG-TS into the hub. */
export function copyIntoHub(url: string, hub: HubAddress): HubIngest {
  return startIngest(['-i', url, '-map', '0', '-c', 'copy'], hub);
}

/** Sends moving noise into the hub: pictures that cannot be compressed, at about this many bits a second. */
export function sendNoise(bitsPerSecond: number, hub: HubAddress): HubIngest {
  const rate = String(bitsPerSecond);
  const source = 'testsrc2=size=320x180:rate=25,noise=alls=100:allf=t';
  const codec = [
    '-c:v',
    'libx264',
    '-preset',
    'ultrafast',
    '-tune',
    'zerolatency',
    '-threads',
    '1',
    '-g',
    '25',
  ];
  const size = ['-b:v', rate, '-minrate', rate, '-maxrate', rate, '-bufsize', rate];
  return startIngest(['-re', '-f', 'lavfi', '-i', source, ...codec, ...size], hub);
}

function startIngest(words: readonly string[], hub: HubAddress): HubIngest {
  const output = [
    '-f',
    'mpegts',
    '-mpegts_flags',
    '+resend_headers+initial_discontinuity',
    hubOutputUrl(hub),
  ];
  const child = spawn('ffmpeg', ['-nostdin', '-loglevel', 'error', ...words, ...output], { stdio: 'ignore' });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return {
    kill: () => {
      child.kill('SIGKILL');
      return ended;
    },
  };
}
