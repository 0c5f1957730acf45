import { UsageError } from '../errors.js';
import { readingCommand, withHoldfast } from '../context.js';
import { parseJsonObject } from '../parse-json.js';
import { printSent } from './messages.js';

/** Of an HDMI watcher to a capture, and of people to a source. */
const SENT_BY_NAME = ['hdmiRestored', 'hdmiLost', 'fetchNow', 'resetBreaker'] as const;
const EXPECTED = `${SENT_BY_NAME.slice(0, -1).join(', ')} or ${SENT_BY_NAME.at(-1)}`;
const COMMANDS_OF_THEIR_OWN = ['stop', 'pause', 'resume', 'retry'];

export function signalCommand() {
  return readingCommand('signal')
    .description('what an HDMI watcher would send; fetch a source now or close its breaker')
    .argument('<id>', 'kind/name, or the name where it is unique')
    .argument('<name>', EXPECTED)
    .argument('[payload]', 'JSON object that goes with it')
    .action((id, name, payload, options) => {
      const signal = signalNamed(name, id);
      const values = payload === undefined ? [] : [parseJsonObject(payload, 'payload')];
      return withHoldfast(options, async ({ holdfast }) =>
        printSent(await holdfast.signal(id, signal, values), options.json),
      );
    });
}

function signalNamed(name: string, id: string): (typeof SENT_BY_NAME)[number] {
  const plain = name.toLowerCase();
  const found = SENT_BY_NAME.find((signal) => signal.toLowerCase() === plain);
  if (found !== undefined) return found;
  if (COMMANDS_OF_THEIR_OWN.includes(plain)) {
    throw new UsageError(`${name} has a command of its own: holdfast ${plain} ${id}`);
  }
  throw new UsageError(`no signal "${name}"; expected ${EXPECTED}`);
}
