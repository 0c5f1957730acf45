import type { MediaCause } from '../../causes.js';
import { anyOf, STRENGTH, type Rule } from '../types.js';

/** Inputs that are there but see no picture. */
export const SIGNAL_RULES: readonly Rule<MediaCause | 'other'>[] = [
  {
    name: 'timing query found no usable signal',
    cause: 'signal_lost',
    strength: STRENGTH.decisive,
    errnos: ['ENOLINK', 'ENOLCK', 'ERANGE'],
    subjects: ['camera'],
    why: 'V4L2 defines these three for no link, no lock and an unusable format of the signal.',
  },
  {
    name: 'input reports no signal',
    cause: 'signal_lost',
    strength: STRENGTH.decisive,
    pattern: anyOf(
      /\bno (?:[a-z-]{2,12} ){0,3}signal/,
      /signal (?:was |is |has been )?(?:lost|missing|absent|not (?:detected|present|found|locked)|unstable|dropped|disappeared|gone|vanished|away|cut off)\b/,
      /lost (?:the )?(?:video |input |hdmi |sdi )?signal|(?:lost|loss of) (?:sync|lock|signal)/,
      /\bno (?:sync|lock)\b|\bno carrier|no input detected|not locked|cannot lock|could not lock|no input source/,
      /input source (?:is )?(?:lost|missing)|V4L2_IN_ST_NO_(?:SIGNAL|POWER|SYNC|H_LOCK|COLOR)/,
      /source (?:change|lost) .{0,20}(?:event|lost)|source_change|V4L2_EVENT_SOURCE_CHANGE|no hdmi/,
      /hdmi (?:input |cable |source )?(?:is )?(?:disconnected|unplugged|not connected|lost)/,
      /cable (?:is )?(?:disconnected|unplugged|not connected)|no frames? .{0,20}no signal|kein signal/,
      /aucun signal|sin señal|sem sinal|nessun segnale|нет сигнала|无信号|信号なし/,
    ),
    unless: /signal handler|sigint|sigterm|received signal \d|subscrib|netcam|\bRSSI\b|wi-?fi|wlan/i,
    unlessContext: /\bnetcam/i,
    why: 'Capture drivers and plug-ins tell a missing picture from a missing device.',
  },
];
