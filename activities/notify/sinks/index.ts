import type { SinkConfig } from '../../../core/config/notify.js';
import { commandSender } from './command.js';
import { logSender } from './log.js';
import type { Sender, SenderDeps } from './sender.js';
import { webhookSender } from './webhook.js';

export type { Sender, SenderDeps, SendResult } from './sender.js';

/** How a sink sends. */
export function createSender(config: SinkConfig, deps: SenderDeps): Sender {
  switch (config.sink) {
    case 'log':
      return logSender(deps);
    case 'webhook':
      return webhookSender(config, deps);
    case 'command':
      return commandSender(config, deps);
  }
}

/** Longest time one attempt of a sink can take. */
export function sendTimeoutMs(config: SinkConfig): number {
  return 'timeout' in config ? config.timeout : 1_000;
}
