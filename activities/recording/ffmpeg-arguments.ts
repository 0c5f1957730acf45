import type { Container } from '../../core/run.js';
import type { Analysis } from './analysis.js';

/** What ffmpeg reads: the output of our reader, an address it opens itself, or the hub of a capture. */
export type FfmpegInput =
  | { readonly kind: 'pipe' }
  | { readonly kind: 'address'; readonly url: string; readonly timeoutMs: number }
  /** `arguments` are everything up to and including `-i` and the address. */
  | { readonly kind: 'hub'; readonly arguments: readonly string[] };

export interface FfmpegSettings {
  readonly ffmpegPath: string;
  readonly input: FfmpegInput;
  readonly container: Container;
  readonly segmentMs: number;
  /** When the run begins: segments are cut on the wall clock, counted from here. */
  readonly startMs: number;
  readonly analysis: Analysis;
  /** File name with `%05d`, in the working directory. */
  readonly pattern: string;
}

/** Bytes looked at before writing: enough for the longest look at a fast source, little memory. */
const PROBE_BYTES = 8_000_000;
/** One stream waits for the other no longer than this: what waits in memory dies with the process. */
const INTERLEAVE_MAX_US = 1_000_000;
/** A segment ends this soon after its time or, when nothing arrives meanwhile, with the next one. */
const CUT_WINDOW_SECONDS_MAX = 10;
/** The same for short segments: a key frame has to come within this share of their length. */
const CUT_WINDOW_SHARE = 0.8;
/** A day is the largest cycle of the segment clock. */
const DAY_MS = 86_400_000;

/** Builds the command that writes a source into segments without encoding it again. */
export function recordingCommand(settings: FfmpegSettings): string[] {
  return [
    [settings.ffmpegPath, '-nostdin', '-hide_banner', '-loglevel', 'repeat+level+warning'],
    ['-nostats', '-progress', 'pipe:3', '-stats_period', '0.5'],
    inputArguments(settings),
    streamArguments(settings),
    ['-max_interleave_delta', String(INTERLEAVE_MAX_US), '-flush_packets', '1'],
    segmentArguments(settings),
    [settings.pattern],
  ].flat();
}

function inputArguments(settings: FfmpegSettings): string[] {
  const { input } = settings;
  const limits = [
    '-analyzeduration',
    String(settings.analysis.lookMs * 1_000),
    '-probesize',
    String(PROBE_BYTES),
  ];
  if (input.kind === 'hub') return withLimits(input.arguments, limits);
  const look = ['-fflags', '+genpts+discardcorrupt', ...limits];
  if (input.kind === 'pipe') return [...look, '-i', 'pipe:0'];
  const scheme = schemeOf(input.url);
  if (scheme === 'lavfi') {
    return ['-re', '-f', 'lavfi', '-i', input.url.slice('lavfi:'.length).replace(/^\/\//, '')];
  }
  return [...look, ...protocolArguments(scheme, input.timeoutMs * 1_000), '-i', input.url];
}

/** The last limits count: a recording looks until it has seen a key frame, as all containers need one. */
function withLimits(hubArguments: readonly string[], limits: readonly string[]): string[] {
  return [...hubArguments.slice(0, -2), ...limits, ...hubArguments.slice(-2)];
}

/** Time limits of each protocol, before the input they are for; in microseconds. */
function protocolArguments(scheme: string, timeoutUs: number): string[] {
  switch (scheme) {
    case 'rtmp':
    case 'rtmps':
    case 'rtmpt':
    case 'tcp':
      return ['-rw_timeout', String(timeoutUs)];
    case 'rtsp':
    case 'rtsps':
      return ['-rtsp_transport', 'tcp', '-timeout', String(timeoutUs)];
    case 'srt':
      return ['-timeout', String(timeoutUs), '-connect_timeout', '3000', '-transtype', 'live'];
    case 'udp':
    case 'rtp':
      return ['-timeout', String(timeoutUs), '-fifo_size', '1000000', '-overrun_nonfatal', '1'];
    case 'file':
    case '':
      return ['-re'];
    default:
      return [];
  }
}

/** The scheme of an address in lower case; empty when there is none. */
export function schemeOf(url: string): string {
  return /^([a-z][a-z0-9+.-]*):/i.exec(url)?.[1]?.toLowerCase() ?? '';
}

function streamArguments(settings: FfmpegSettings): string[] {
  const maps = ['-map', '0:v?', '-map', '0:a?'];
  for (const stream of settings.analysis.excludedStreams) maps.push('-map', `-0:${stream}?`);
  if (settings.input.kind === 'address' && schemeOf(settings.input.url) === 'lavfi') {
    // A generated source has to be encoded; everything else is copied as it comes.
    const video = ['-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-pix_fmt', 'yuv420p'];
    return [...maps, ...video, '-force_key_frames', 'expr:gte(t,n_forced*1)', '-c:a', 'aac'];
  }
  return [...maps, '-c', 'copy'];
}

function segmentArguments(settings: FfmpegSettings): string[] {
  const segmentSeconds = settings.segmentMs / 1_000;
  // Cuts come at this time after each multiple of the length, counted from midnight: whole lengths after the start.
  const offsetMs = (settings.startMs % DAY_MS) % settings.segmentMs;
  return [
    containerArguments(settings),
    ['-segment_time', String(segmentSeconds)],
    // Media time may jump or begin anywhere; the clock does not.
    ['-segment_atclocktime', '1', '-segment_clocktime_offset', String(offsetMs / 1_000)],
    // Without a limit, a system clock that is set back by a moment would end a segment at any time.
    [
      '-segment_clocktime_wrap_duration',
      String(Math.min(segmentSeconds * CUT_WINDOW_SHARE, CUT_WINDOW_SECONDS_MAX)),
    ],
  ].flat();
}

function containerArguments({ container, input }: FfmpegSettings): string[] {
  // An ingest that comes back begins its time anew: from the hub, ffmpeg makes one timeline of it.
  const isMade = container === 'mpegts' && input.kind === 'hub';
  const { before, format, options } = isMade ? TRANSPORT_FROM_HUB : CONTAINERS[container];
  return [...before, '-f', 'segment', '-segment_format', format, '-segment_format_options', options];
}

interface ContainerArguments {
  readonly before: readonly string[];
  readonly format: string;
  readonly options: string;
}

const TRANSPORT_FROM_HUB: ContainerArguments = {
  before: [],
  format: 'mpegts',
  options: 'mpegts_flags=+resend_headers:flush_packets=1',
};

/** How each container is written so that a killed process costs no more than the open group of pictures. */
const CONTAINERS: Readonly<Record<Container, ContainerArguments>> = {
  mpegts: {
    // The source's own time stamps are kept: they tell which of its pictures are in the file.
    before: ['-copyts', '-avoid_negative_ts', 'disabled'],
    format: 'mpegts',
    options: 'mpegts_flags=+resend_headers:mpegts_copyts=1:avoid_negative_ts=disabled:flush_packets=1',
  },
  fmp4: {
    before: ['-reset_timestamps', '1'],
    format: 'mp4',
    options: 'movflags=+frag_keyframe+empty_moov+default_base_moof:frag_duration=1000000:flush_packets=1',
  },
  mkv: {
    before: ['-reset_timestamps', '1'],
    format: 'matroska',
    options: 'cluster_time_limit=1000:flush_packets=1',
  },
};
