import { UsageError } from '../errors.js';
import { readingCommand, withHoldfast } from '../context.js';
import { parseJsonObject } from '../parse-json.js';
import { printSent } from './messages.js';

const HDMI_SIGNALS = ['hdmiRestored', 'hdmiLost'] as const;
const COMMANDS_OF_THEIR_OWN = ['stop', 'pause', 'resume', 'retry'];

export function signalCommand() {
  return readingCommand('signal')
    .description('what an HDMI watcher would send')
    .argument('<id>', 'kind/name, or the name where it is unique')
    .argument('<name>', HDMI_SIGNALS.join(' or '))
    .argument('[payload]', 'JSON object that goes with it')
    .action((id, name, payload, options) => {
      const signal = signalNamed(name, id);
      const values = payload === undefined ? [] : [parseJsonObject(payload, 'payload')];
      return withHoldfast(options, async ({ holdfast }) =>
        printSent(await holdfast.signal(id, signal, values), options.json),
      );
    });
}

function signalNamed(name: string, id: string): (typeof HDMI_SIGNALS)[number] {
  const plain = name.toLowerCase();
  const found = HDMI_SIGNALS.find((signal) => signal.toLowerCase() === plain);
  if (found !== undefined) return found;
  if (COMMANDS_OF_THEIR_OWN.includes(plain)) {
    throw new UsageError(`${name} has a command of its own: holdfast ${plain} ${id}`);
  }
  throw new UsageError(`no signal "${name}"; expected ${HDMI_SIGNALS.join(' or ')}`);
}
