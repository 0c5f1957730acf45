import type { HubAddress } from '../../core/hub.js';
import type { EncoderArguments } from './encoder-arguments.js';
import { COMMON_OPTIONS } from './ffmpeg-options.js';
import { HUB_FORMAT, hubOutputUrl, REPEAT_HEADERS } from './hub.js';
import type { IngestInput } from './ingest-input.js';

/** The command that reads an input, encodes it once and writes it into the hub. */
export function ingestCommand(
  ffmpegPath: string,
  input: IngestInput,
  encoder: EncoderArguments,
  hub: HubAddress,
): string[] {
  return [
    [ffmpegPath, ...COMMON_OPTIONS],
    [...encoder.before, ...input.arguments, ...input.maps, ...encoder.output],
    [...REPEAT_HEADERS, ...HUB_FORMAT, hubOutputUrl(hub)],
  ].flat();
}

/** The second stage behind a GStreamer pipeline: what that has encoded goes into the hub as it is, with the same progress and packing as every ingest. */
export function relayCommand(ffmpegPath: string, hub: HubAddress): string[] {
  return [
    [ffmpegPath, ...COMMON_OPTIONS],
    ['-analyzeduration', '1000000', '-probesize', '8000000', '-f', 'mpegts', '-i', 'pipe:0'],
    ['-map', '0:v?', '-map', '0:a?', '-c', 'copy', ...REPEAT_HEADERS, ...HUB_FORMAT, hubOutputUrl(hub)],
  ].flat();
}
