import { factsOf } from './message.js';
import type { Sender, SenderDeps } from './sender.js';

const METHODS = { info: 'info', success: 'info', warning: 'warn', error: 'error' } as const;

/** One structured line in the log of the orchestrator. */
export function logSender({ logger }: SenderDeps): Sender {
  return (sent) => {
    const { message, ...facts } = factsOf(sent);
    logger[METHODS[sent.level]]({ notification: facts }, `${sent.instance}: ${message}`);
    return Promise.resolve({ outcome: 'delivered' });
  };
}
