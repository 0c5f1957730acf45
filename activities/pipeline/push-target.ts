import { access, constants, stat } from 'node:fs/promises';
import { dirname, format as formatPath, parse as parsePath } from 'node:path';
import type { PushTarget } from '../../core/run.js';
import { PlanError } from '../custody/handler.js';
import { storageError } from '../recording/prepare-run.js';

/** Connecting, and every later read or write; a server that is there answers much faster. */
const NETWORK_TIMEOUT_MS = 10_000;
/** Over UDP nobody says that nobody is there, so this is what an attempt at a server that is away takes. */
const SRT_CONNECT_TIMEOUT_MS = 3_000;
const DATAGRAM_BYTES = 1_316;

type Container = Exclude<PushTarget['format'], 'auto'>;

/**
 * Output arguments of ffmpeg for a target whose secrets are filled in.
 * @throws {PlanError} when a file cannot be written where it is wanted.
 */
export async function targetArguments(target: PushTarget, run: number): Promise<string[]> {
  const scheme = target.url.slice(0, target.url.indexOf(':')).toLowerCase();
  const container = target.format === 'auto' ? containerOf(scheme) : target.format;
  const { protocol, address } = await protocolOf(scheme, target.url, run);
  return [...CONTAINER_ARGUMENTS[container], ...protocol, address];
}

function containerOf(scheme: string): Container {
  return scheme === 'rtmp' || scheme === 'rtmps' ? 'flv' : 'mpegts';
}

const CONTAINER_ARGUMENTS: Readonly<Record<Container, readonly string[]>> = {
  // A live stream has no length that could be written into its head at the end.
  flv: ['-f', 'flv', '-flvflags', '+no_duration_filesize'],
  mpegts: ['-f', 'mpegts', '-mpegts_flags', '+resend_headers+initial_discontinuity'],
};

interface Protocol {
  readonly protocol: readonly string[];
  readonly address: string;
}

/** Time limits and names, by protocol. What the address says itself wins. */
async function protocolOf(scheme: string, url: string, run: number): Promise<Protocol> {
  const timeoutUs = String(NETWORK_TIMEOUT_MS * 1_000);
  switch (scheme) {
    case 'rtmp':
    case 'rtmps':
      return { protocol: ['-rw_timeout', timeoutUs], address: url };
    case 'srt':
      return {
        protocol: [
          ['-connect_timeout', String(SRT_CONNECT_TIMEOUT_MS), '-rw_timeout', timeoutUs],
          ['-transtype', 'live', '-payload_size', String(DATAGRAM_BYTES)],
        ].flat(),
        address: url,
      };
    case 'udp':
      return { protocol: ['-pkt_size', String(DATAGRAM_BYTES)], address: url };
    default:
      return { protocol: ['-flush_packets', '1', '-y'], address: `file:${await freePath(pathOf(url), run)}` };
  }
}

/** `file:/a`, `file:///a` and `file://localhost/a` are all the path `/a`; a relative path is left to the working directory. */
function pathOf(url: string): string {
  return url.replace(/^file:/i, '').replace(/^\/\/(?:localhost)?(?=\/)/i, '');
}

/** The path itself while nothing is there to be lost; otherwise one beside it with the number of the run, or the next that is free. */
async function freePath(path: string, run: number): Promise<string> {
  await assertWritable(path);
  if (!(await holdsMedia(path))) return path;
  const { dir, name, ext } = parsePath(path);
  for (let number = run; ; number += 1) {
    const beside = formatPath({ dir, base: `${name}.run${number}${ext}` });
    if (!(await holdsMedia(beside))) return beside;
  }
}

async function assertWritable(path: string): Promise<void> {
  try {
    await access(dirname(path), constants.W_OK);
  } catch (error) {
    throw storageError(error);
  }
  const stats = await stat(path).catch(() => null);
  if (stats?.isDirectory() !== true) return;
  const text = `invalid option: the output ${path} is a folder`;
  throw new PlanError(text, { tool: 'other', role: 'pipeline', text });
}

/** Pipes and device nodes are written to again and again; only regular files can lose what they hold. */
async function holdsMedia(path: string): Promise<boolean> {
  try {
    const stats = await stat(path);
    return stats.isFile() && stats.size > 0;
  } catch {
    return false;
  }
}
