import { bytesOf, charactersOf, oneLine, shorten } from '../../../core/announce/index.js';
import type { SinkConfig } from '../../../core/config/notify.js';
import type { Level } from '../../../core/notifications.js';
import { fieldsOf, textOf } from './http/json-answer.js';
import { messengerSender } from './http/messenger.js';
import { verdictOn } from './http/verdict.js';
import type { SinkMessage } from './message.js';
import type { Sender, SenderDeps } from './sender.js';
import { wordingOf } from './text/wording.js';

type NtfyConfig = Extract<SinkConfig, { sink: 'ntfy' }>;

/** A server takes 4,096 bytes by default; some are left for what it may count besides. */
export const NTFY_TEXT_LIMIT = { max: 4_000, measure: bytesOf } as const;
const TITLE_MAX = 250;

/** From 1 (lowest) to 5 (loudest); 2 makes no sound. */
const PRIORITIES: Readonly<Record<Level, number>> = { info: 2, success: 3, warning: 4, error: 5 };
const NEWS_PRIORITY = 3;
/** Names that ntfy shows as signs before the title. */
const SIGNS: Readonly<Record<Level, string>> = {
  info: 'information_source',
  success: 'white_check_mark',
  warning: 'warning',
  error: 'rotating_light',
};

/** A message on a topic of ntfy.sh or of a server of one's own. */
export function ntfySender(config: NtfyConfig, deps: SenderDeps): Sender {
  return messengerSender(
    {
      secrets: config.token === undefined ? [] : [config.token],
      settings: [config.url, config.topic],
      timeoutMs: config.timeout,
      toRequest: (message, expand) => ({
        url: `${expand(config.url).replace(/\/+$/, '')}/`,
        headers: config.token === undefined ? {} : { authorization: `Bearer ${expand(config.token)}` },
        body: { topic: expand(config.topic), ...contentOf(message, config.tags) },
      }),
      judge: (answer, conceal) =>
        verdictOn(answer, { conceal, words: textOf(fieldsOf(answer.text)['error']) }),
    },
    deps,
  );
}

function contentOf(message: SinkMessage, tags: readonly string[]): Record<string, unknown> {
  const wording = wordingOf(message);
  const title = wording.headline ?? oneLine(message.instance);
  const link = message.item?.url ?? null;
  return {
    title: shorten(title, { max: TITLE_MAX, measure: charactersOf }),
    message: shorten(wording.text, NTFY_TEXT_LIMIT),
    priority: message.item === undefined ? PRIORITIES[message.level] : NEWS_PRIORITY,
    tags: message.item === undefined ? [SIGNS[message.level], ...tags] : tags,
    ...(link !== null && /^https?:\/\//i.test(link) && { click: link }),
  };
}
