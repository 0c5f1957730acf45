import { DEFAULT_TEXT_LIMIT, type TextLimit } from '../../../core/announce/index.js';
import type { SinkConfig } from '../../../core/config/notify.js';
import { commandSender } from './command.js';
import { DISCORD_TEXT_LIMIT, discordSender } from './discord.js';
import { emailSender } from './email/index.js';
import { logSender } from './log.js';
import { NTFY_TEXT_LIMIT, ntfySender } from './ntfy.js';
import type { Sender, SenderDeps } from './sender.js';
import { SLACK_TEXT_LIMIT, slackSender } from './slack.js';
import { TELEGRAM_TEXT_LIMIT, telegramSender } from './telegram.js';
import { webhookSender } from './webhook.js';

export { announcementMessage, type Announcement, type SinkMessage } from './message.js';
export type { Sender, SenderDeps, SendResult } from './sender.js';

/** Messages under way at once for programs of one's own, each of another instance. */
const CONCURRENCY = 8;

/** How a sink sends. */
export function createSender(config: SinkConfig, deps: SenderDeps): Sender {
  switch (config.sink) {
    case 'log':
      return logSender(deps);
    case 'webhook':
      return webhookSender(config, deps);
    case 'command':
      return commandSender(config, deps);
    case 'telegram':
      return telegramSender(config, deps);
    case 'discord':
      return discordSender(config, deps);
    case 'slack':
      return slackSender(config, deps);
    case 'ntfy':
      return ntfySender(config, deps);
    case 'email':
      return emailSender(config, deps);
  }
}

/** Longest time one attempt of a sink can take. */
export function sendTimeoutMs(config: SinkConfig): number {
  return 'timeout' in config ? config.timeout : 1_000;
}

/** Messages under way at once: one where people read them, so that they come in order and within the sink's limits. */
export function concurrencyOf(config: SinkConfig): number {
  return ['log', 'webhook', 'command'].includes(config.sink) ? CONCURRENCY : 1;
}

/** How much text an announcement may have on a sink. */
export function textLimitOf(config: SinkConfig): TextLimit {
  switch (config.sink) {
    case 'telegram':
      return TELEGRAM_TEXT_LIMIT;
    case 'discord':
      return DISCORD_TEXT_LIMIT;
    case 'slack':
      return SLACK_TEXT_LIMIT;
    case 'ntfy':
      return NTFY_TEXT_LIMIT;
    default:
      return DEFAULT_TEXT_LIMIT;
  }
}
