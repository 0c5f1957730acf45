import { constants } from 'node:fs';
import { access, readFile } from 'node:fs/promises';
import type { CaptureConfig } from '../../core/config/capture.js';
import { hubOfCapture } from '../../core/hub.js';
import { ok, problem, type CheckResult } from './check-result.js';
import { checkElements } from './gst-elements.js';
import { checkHub } from './hub.js';
import { checkHubBuffers } from './hub-buffers.js';
import { listEncoders } from './encoders.js';
import { checkSound } from './sound.js';
import { findProgram } from './find-program.js';

/** What each capture of this machine needs beyond programs and device nodes: encoders, elements, sound, probe, hub. */
export async function checkCaptures(captures: readonly CaptureConfig[]): Promise<readonly CheckResult[]> {
  if (captures.length === 0) return [];
  const encoders = await listEncoders();
  const groups = await Promise.all(captures.map((capture) => checkCapture(capture, encoders)));
  return [...groups.flat(), await checkHubBuffers()];
}

async function checkCapture(
  capture: CaptureConfig,
  encoders: ReadonlySet<string> | null,
): Promise<readonly CheckResult[]> {
  const name = `capture/${capture.id}`;
  const { input } = capture;
  const groups = await Promise.all([
    input.kind === 'gstreamer' ? checkElements(name, input.pipeline) : checkEncoders(name, capture, encoders),
    input.kind === 'v4l2' && input.audio !== undefined ? checkSound(name, input.audio.device) : [],
    checkProbe(name, capture),
    checkHub(name, hubOfCapture(capture)),
  ]);
  return groups.flat();
}

function checkEncoders(
  name: string,
  { encode }: CaptureConfig,
  known: ReadonlySet<string> | null,
): readonly CheckResult[] {
  // Without ffmpeg nothing can be said; that it is missing is told elsewhere.
  if (known === null) return [];
  const check = `${name} encoders`;
  const wanted = [encode.video, encode.audio];
  const missing = wanted.filter((encoder) => !known.has(encoder));
  // Whether the hardware is there shows only when it is used.
  if (missing.length === 0) return [ok(check, `ffmpeg knows ${wanted.join(' and ')}`)];
  const mend = 'choose from `ffmpeg -encoders` (libx264 and aac are nearly always there)';
  return [problem(check, `this ffmpeg does not know ${missing.join(' and ')}`, mend, true)];
}

async function checkProbe(
  name: string,
  { input: { probe } }: CaptureConfig,
): Promise<readonly CheckResult[]> {
  switch (probe.kind) {
    case 'sysfs':
      return [await checkProbeFile(`${name} probe`, probe.path, probe.pattern)];
    case 'command':
      return [await checkProbeProgram(`${name} probe`, probe.argv[0] ?? '')];
    default:
      return [];
  }
}

async function checkProbeFile(check: string, path: string, pattern: string): Promise<CheckResult> {
  try {
    const content = await readFile(path, 'utf8');
    const signal = new RegExp(pattern).test(content) ? 'a signal' : 'no signal';
    return ok(check, `${path} says ${signal} now`);
  } catch (error) {
    const mend = 'correct its path, or load the driver that makes it';
    return problem(check, `cannot be asked: ${(error as Error).message}`, mend, true);
  }
}

async function checkProbeProgram(check: string, program: string): Promise<CheckResult> {
  const path = program.includes('/') ? program : await findProgram(program);
  const runs =
    path !== undefined &&
    (await access(path, constants.X_OK).then(
      () => true,
      () => false,
    ));
  if (runs) return ok(check, `${path} can be run`);
  return problem(check, `${program} cannot be run`, 'correct its path, or make it executable', true);
}
