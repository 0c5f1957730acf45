import { basename } from 'node:path';
import { parseSegmentName, type SegmentName } from '../../core/manifest/index.js';
import type { WatchedRun } from '../custody/handler.js';

/** The first segment of a run. The plan alone says under which number it records: that is kept over adoption. */
export function firstSegmentOf({ plan, spec }: WatchedRun): SegmentName {
  const pattern = plan.stages.at(-1)?.argv.at(-1) ?? '';
  const name = parseSegmentName(basename(pattern).replace(/%0\d+d/, '0'));
  if (name === null) throw new Error(`the plan of ${spec.runKey} names no segments: ${pattern}`);
  return name;
}
