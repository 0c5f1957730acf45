import type { MediaCause } from '../../causes.js';
import { CLAIMS_FAILURE } from '../failure-words.js';
import { anyOf, STRENGTH, type Rule } from '../types.js';

/** Words of connections; a site or a tool that refuses, forbids or cannot read something is none. */
const CONNECTION = anyOf(
  /connect|connexion|conexi|verbindung|соединени|连接|接続|\breset\b|socket|\bEOF\b|end of file|resolv|\bdns\b/,
  /netcam|network|handshake|\bpeer\b|unreachable|\btransport\b|\btcp\b|\budp\b|\bsession\b|\blost\b/,
);

/** What a failure that no other rule knows is most often, by what the line is about. */
export const GUESS_RULES: readonly Rule<MediaCause | 'other'>[] = [
  {
    name: 'failure of something on the network',
    cause: 'network_disconnect',
    strength: STRENGTH.generic,
    subjects: ['network'],
    pattern: new RegExp(`^(?=.*(?:${CLAIMS_FAILURE.source}))(?=.*(?:${CONNECTION.source}))`, 'i'),
    unless: /conversion failed|exited|crash|killed/i,
    why: 'Most that fails on a connection is the connection.',
  },
  {
    name: 'failure of a device without a system error',
    cause: 'invalid_pipeline',
    strength: STRENGTH.generic,
    subjects: ['camera', 'sound'],
    pattern: CLAIMS_FAILURE,
    unless: /conversion failed|exited|crash|killed/i,
    why: 'Missing, busy and silent devices come with a system error; what is left are settings the device refuses.',
  },
  {
    name: 'failure of an encoder',
    cause: 'encoder_failure',
    strength: STRENGTH.generic,
    subjects: ['encoder'],
    pattern: CLAIMS_FAILURE,
    unless: /conversion failed|exited|crash|killed/i,
    why: 'An encoder that complains does not encode on this machine.',
  },
];
