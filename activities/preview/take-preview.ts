import type { Logger } from 'pino';
import type { HostActivities, PreviewInput, PreviewResult } from '../../core/activity-contract.js';
import { hubSight } from './hub-sight.js';
import { keepPicture, pictureFile, readPicture, type KeptPicture } from './picture-file.js';
import { recordingSight } from './recording-sight.js';
import type { NothingSeen, Sight } from './sight.js';

export interface TakePreviewOptions {
  readonly dataDir: string;
  /** `ffmpeg` of PATH when absent. */
  readonly ffmpegPath?: string;
  readonly logger: Pick<Logger, 'debug'>;
}

/** At most one picture of an instance is taken in this time, whoever asks. */
const PICTURE_INTERVAL_MS = 5_000;

/** The last attempt for an instance, which all who ask meanwhile share. */
interface Attempt {
  readonly startedAtMs: number;
  readonly result: Promise<PreviewResult>;
}

/** Takes pictures out of hubs and recordings, never from a device; see {@link PICTURE_INTERVAL_MS}. Also the worker before this one counts. */
export function createTakePreview(options: TakePreviewOptions): HostActivities['takePreview'] {
  const attempts = new Map<string, Attempt>();
  return async (input) => {
    const nowMs = performance.now();
    const last = attempts.get(input.instance);
    if (last !== undefined && nowMs - last.startedAtMs < PICTURE_INTERVAL_MS) return last.result;
    // A picture takes longer than the interval at times: never two at once.
    await last?.result;
    const newest = attempts.get(input.instance);
    if (newest !== undefined && newest !== last) return newest.result;
    const attempt = { startedAtMs: performance.now(), result: preview(options, input) };
    attempts.set(input.instance, attempt);
    forget(attempts, input.instance, attempt);
    return attempt.result;
  };
}

/** Forgets an attempt when it no longer keeps anybody waiting. */
function forget(attempts: Map<string, Attempt>, instance: string, attempt: Attempt): void {
  const drop = (): void => {
    if (attempts.get(instance) === attempt) attempts.delete(instance);
  };
  const dropLater = (): void => {
    setTimeout(drop, PICTURE_INTERVAL_MS).unref();
  };
  attempt.result.then(dropLater, drop);
}

async function preview(options: TakePreviewOptions, input: PreviewInput): Promise<PreviewResult> {
  const { dataDir, logger } = options;
  const { instance } = input;
  const sight = await sightOf(options, input);
  if ('kind' in sight) return sight;
  const path = pictureFile(dataDir, instance);
  const kept = await readPicture(path);
  if (kept !== null && sight.isShownBy(kept)) return asResult(kept);
  const taken = await sight.take();
  if (taken.kind === 'none') return taken;
  await keepPicture(path, taken).catch((error: unknown) => {
    // A full disk must not keep people from seeing what is on air.
    logger.debug({ instance, error: String(error) }, 'a preview could not be kept');
  });
  return asResult(taken);
}

async function sightOf(
  { dataDir, ffmpegPath = 'ffmpeg' }: TakePreviewOptions,
  input: PreviewInput,
): Promise<Sight | NothingSeen> {
  if ('hub' in input) return hubSight(ffmpegPath, input.hub, PICTURE_INTERVAL_MS);
  const { instance, branch } = input;
  return recordingSight(ffmpegPath, { dataDir, instance, branch });
}

function asResult({ jpeg, takenAtMs }: KeptPicture): PreviewResult {
  return {
    kind: 'picture',
    jpegBase64: jpeg.toString('base64'),
    takenAt: new Date(takenAtMs).toISOString(),
  };
}
