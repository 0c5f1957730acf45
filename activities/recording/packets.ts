import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { limitConcurrency } from './concurrency.js';

/** A packet of a media file, as ffprobe lists it in the order of the file. Values it does not know are NaN. */
export interface MediaPacket {
  readonly kind: 'video' | 'audio';
  readonly stream: number;
  readonly presentedAtMs: number;
  /** Decoding time in units of the stream; 1/90,000 s in MPEG-TS. */
  readonly decodingTime: number;
  /** The same in milliseconds. */
  readonly decodedAtMs: number;
  readonly durationMs: number;
  /** Byte at which it begins in the file. */
  readonly position: number;
  /** Can be decoded without the packets before it. */
  readonly isKey: boolean;
}

/** A file that hangs ffprobe (a network mount that went away) must not hold its place for ever. */
const PROBE_TIMEOUT_MS = 60_000;
/** Recording has the machine first: this many files of a host are looked at together. */
const PROBES_MAX = 2;
/** What is kept of complaints. */
const COMPLAINT_LENGTH_MAX = 500;
const FIELDS = 'packet=codec_type,stream_index,pts_time,dts,dts_time,duration_time,pos,flags';

const withProbeSlot = limitConcurrency(PROBES_MAX);

/** Lists the packets of a file through ffprobe. Resolves with what ffprobe complained about; rejects when it cannot be run. */
export async function readPackets(
  ffprobePath: string,
  file: string,
  take: (packet: MediaPacket) => void,
): Promise<string> {
  return withProbeSlot(() => runProbe(ffprobePath, file, take));
}

async function runProbe(
  ffprobePath: string,
  file: string,
  take: (packet: MediaPacket) => void,
): Promise<string> {
  const child = spawn(
    ffprobePath,
    ['-v', 'error', '-show_entries', FIELDS, '-of', 'csv=print_section=0', '-i', file],
    { stdio: ['ignore', 'pipe', 'pipe'], timeout: PROBE_TIMEOUT_MS, killSignal: 'SIGKILL' },
  );
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    if (complaint.length < COMPLAINT_LENGTH_MAX) complaint += text;
  });
  const ended = new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', () => resolve());
  });
  const listed = (async () => {
    for await (const line of createInterface({ input: child.stdout })) {
      const packet = parsePacket(line);
      if (packet !== null) take(packet);
    }
  })();
  await Promise.all([ended, listed]);
  return complaint.trim().slice(0, COMPLAINT_LENGTH_MAX);
}

function parsePacket(line: string): MediaPacket | null {
  const [kind, stream, presentedAt, decodingTime, decodedAt, duration, position, flags] = line.split(',');
  if ((kind !== 'video' && kind !== 'audio') || position === undefined) return null;
  return {
    kind,
    stream: Number(stream),
    presentedAtMs: Number(presentedAt) * 1_000,
    decodingTime: Number(decodingTime),
    decodedAtMs: Number(decodedAt) * 1_000,
    durationMs: Number(duration) * 1_000,
    position: Number(position),
    isKey: flags?.startsWith('K') === true,
  };
}
