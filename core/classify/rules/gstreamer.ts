import type { MediaCause } from '../../causes.js';
import { STRENGTH, type Rule, type Subject } from '../types.js';

type MediaRule = Rule<MediaCause | 'other'>;

const DEVICES: readonly Subject[] = ['camera', 'sound'];

/** A GStreamer error names its domain and number; number and sentence say the same in every language version. */
function resourceError(numbers: string, sentence: RegExp): RegExp {
  return new RegExp(`resource-error-quark.{0,300}\\((?:${numbers})\\)|${sentence.source}`, 'i');
}

const OPEN = resourceError('5|6|7', /could not open (?:the )?resource/);
const READ = resourceError('9', /could not read from (?:the )?resource/);
const WRITE = resourceError('10', /could not write to (?:the )?resource/);

/** What the error domains of GStreamer say when no sentence of an element says more. */
export const GSTREAMER_RULES: readonly MediaRule[] = [
  {
    name: 'resource is busy',
    cause: 'encoder_hiccup',
    strength: STRENGTH.likely,
    pattern: resourceError('4', /resource busy or not available/),
    why: 'GST_RESOURCE_ERROR_BUSY.',
  },
  {
    name: 'resource is not there',
    cause: 'device_not_found',
    strength: STRENGTH.weak,
    subjects: DEVICES,
    pattern: resourceError('3', /resource not found/),
    why: 'GST_RESOURCE_ERROR_NOT_FOUND of a device element.',
  },
  {
    name: 'address is not there',
    cause: 'not_live',
    strength: STRENGTH.weak,
    subjects: ['network'],
    pattern: resourceError('3', /resource not found/),
    why: 'GST_RESOURCE_ERROR_NOT_FOUND of a network element: nobody publishes there.',
  },
  {
    name: 'resource has no room',
    cause: 'storage_full',
    strength: STRENGTH.likely,
    pattern: resourceError('14', /no space left on the resource/),
    why: 'GST_RESOURCE_ERROR_NO_SPACE_LEFT.',
  },
  {
    name: 'resource asks who we are',
    cause: 'unauthorized',
    strength: STRENGTH.likely,
    subjects: ['network'],
    pattern: resourceError('15', /not authorized to access (?:the )?resource/),
    why: 'GST_RESOURCE_ERROR_NOT_AUTHORIZED.',
  },
  {
    name: 'resource refuses its settings',
    cause: 'invalid_pipeline',
    strength: STRENGTH.weak,
    pattern: resourceError('13', /could not get\/set settings/),
    why: 'GST_RESOURCE_ERROR_SETTINGS: format, rate or input were not accepted.',
  },
  {
    name: 'network resource does not open, read or write',
    cause: 'network_disconnect',
    strength: STRENGTH.generic,
    subjects: ['network'],
    pattern: new RegExp(`${OPEN.source}|${READ.source}|${WRITE.source}`, 'i'),
    why: 'The connection of the element is gone or was never there.',
  },
  {
    name: 'device resource does not open',
    cause: 'device_not_found',
    strength: STRENGTH.generic,
    subjects: DEVICES,
    pattern: OPEN,
    why: 'Where the element gives no reason, the device is mostly not there.',
  },
  {
    name: 'device resource cannot be read',
    cause: 'stream_timeout',
    strength: STRENGTH.generic,
    subjects: DEVICES,
    pattern: READ,
    why: 'A device that opened and then delivers nothing.',
  },
  {
    name: 'stream is of the wrong kind',
    cause: 'invalid_pipeline',
    strength: STRENGTH.weak,
    pattern:
      /stream-error-quark.{0,300}\((?:3|4|5|6|8|10|11)\)|(?:core|parse)-error-quark|stream is (?:in the wrong format|of a different type)|could not determine type of stream/i,
    unless: /reason error/i,
    why: 'Type, codec, mux and format errors of GStreamer are errors of the pipeline.',
  },
];
