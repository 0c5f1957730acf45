import type { MediaCause } from '../../causes.js';
import type { Rule } from '../types.js';
import { ACCESS_RULES } from './access.js';
import { BUFFER_RULES } from './buffer.js';
import { DEVICE_RULES } from './device.js';
import { ENCODER_RULES } from './encoder.js';
import { ERRNO_RULES } from './errno.js';
import { GSTREAMER_RULES } from './gstreamer.js';
import { GUESS_RULES } from './guess.js';
import { LIVE_RULES } from './live.js';
import { NETWORK_RULES } from './network.js';
import { OTHER_RULES } from './other.js';
import { PIPELINE_RULES } from './pipeline.js';
import { SIGNAL_RULES } from './signal.js';
import { STORAGE_RULES } from './storage.js';

/** Every media rule. The order counts only between rules of equal strength on the same line. */
export const MEDIA_RULES: readonly Rule<MediaCause | 'other'>[] = [
  ...STORAGE_RULES,
  ...SIGNAL_RULES,
  ...ACCESS_RULES,
  ...LIVE_RULES,
  ...OTHER_RULES,
  ...ENCODER_RULES,
  ...DEVICE_RULES,
  ...BUFFER_RULES,
  ...NETWORK_RULES,
  ...PIPELINE_RULES,
  ...ERRNO_RULES,
  ...GSTREAMER_RULES,
  ...GUESS_RULES,
];
