import { toMessage, type Sender, type SenderDeps } from './sender.js';

const METHODS = { info: 'info', success: 'info', warning: 'warn', error: 'error' } as const;

/** One structured line in the log of the orchestrator. */
export function logSender({ logger }: SenderDeps): Sender {
  return (notification) => {
    const { message, ...facts } = toMessage(notification);
    logger[METHODS[notification.level]]({ notification: facts }, `${notification.instance}: ${message}`);
    return Promise.resolve({ outcome: 'delivered' });
  };
}
