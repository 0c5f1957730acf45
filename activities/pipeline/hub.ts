import { HUB_RECEIVE_BYTES, type HubAddress } from '../../core/hub.js';

/** The hub never leaves this machine: TTL 0, and both sides use the loopback interface. */
const LOOPBACK = '127.0.0.1';
/** Whole packets of MPEG-TS, as many as loopback carries in one piece with room to spare: fewer wake-ups for each reader, and fuller buffers. */
const DATAGRAM_BYTES = 174 * 188;
/**
 * A large picture is sent at this pace and in pieces of this size, not at once: it would not fit into the socket buffers of readers that do not get the CPU
 * in time. Far above what a hub carries.
 */
const PACE_BITS_PER_SECOND = 200_000_000;
const PACE_PIECE_BITS = 1_000_000;
/** What waits at the writer for its turn, in packets of 188 bytes: 16 MB. */
const WRITER_QUEUE_PACKETS = 85_106;
/** What a reader keeps while its own output stands still, in packets of 188 bytes: 32 MB, 12 s at 20 Mbit/s. */
const FIFO_PACKETS = 178_257;
/** MPEG-TS is always looked at for the whole time, so it is short: what a reader has to know is in every picture (`REPEAT_HEADERS`). */
const LOOK_US = 1_000_000;
/**
 * Media time that jumps by more is joined. The last packet of an ingest that was killed comes out together with the first ones of the next, so its
 * time seems to jump ahead: with ffmpeg's own threshold of 10 s that would stay. What is missing is seen on the wall clock.
 */
const TIME_JUMP_MAX_SECONDS = 1;
/** More than a second of the fastest streams. */
const LOOK_BYTES = 8_000_000;

/**
 * For the writer: parameter sets go before every picture and not only before keyframes, at some 40 bytes each. A reader that comes in the middle of a
 * group knows the stream at once; without them `flv` refuses to begin ("incorrect codec parameters").
 */
export const REPEAT_HEADERS: readonly string[] = ['-bsf:v', 'dump_extra=freq=all'];

/** How the writer packs the stream: tables before each keyframe, and a restarted ingest is told from lost packets. */
export const HUB_FORMAT: readonly string[] = [
  ['-f', 'mpegts', '-mpegts_flags', '+resend_headers+initial_discontinuity'],
  // One stream waits for the other no longer than this: picture and sound of a live input arrive together.
  ['-max_interleave_delta', '1000000', '-flush_packets', '1'],
].flat();

/** Where the ingest writes. One writer for each hub; readers may come and go. */
export function hubOutputUrl({ address, port }: HubAddress): string {
  const options = {
    ttl: 0,
    localaddr: LOOPBACK,
    pkt_size: DATAGRAM_BYTES,
    bitrate: PACE_BITS_PER_SECOND,
    burst_bits: PACE_PIECE_BITS,
    fifo_size: WRITER_QUEUE_PACKETS,
  };
  return `udp://${address}:${port}?${query(options)}`;
}

/**
 * How ffmpeg reads the hub: everything up to and including `-i`. It waits while nothing is written, for ever: silence is judged by
 * custody. Packets that got lost are dropped whole and told as warnings, which a `ContinuityCounter` counts.
 */
export function hubInputArguments({ address, port }: HubAddress): readonly string[] {
  const options = {
    localaddr: LOOPBACK,
    reuse: 1,
    pkt_size: DATAGRAM_BYTES,
    buffer_size: HUB_RECEIVE_BYTES,
    fifo_size: FIFO_PACKETS,
    overrun_nonfatal: 1,
  };
  return [
    ['-dts_delta_threshold', String(TIME_JUMP_MAX_SECONDS)],
    ['-analyzeduration', String(LOOK_US), '-probesize', String(LOOK_BYTES)],
    // What the hub is called with (`callHub`) is of no known kind, and must not hold everything else up while that is found out.
    ['-max_probe_packets', '1'],
    ['-fflags', '+discardcorrupt', '-f', 'mpegts', '-i', `udp://${address}:${port}?${query(options)}`],
  ].flat();
}

function query(options: Readonly<Record<string, string | number>>): string {
  return Object.entries(options)
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}
