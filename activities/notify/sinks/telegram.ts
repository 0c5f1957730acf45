import { charactersOf, shorten } from '../../../core/announce/index.js';
import type { SinkConfig } from '../../../core/config/notify.js';
import { asRecord, fieldsOf, secondsMs, textOf } from './http/json-answer.js';
import { messengerSender } from './http/messenger.js';
import type { HttpAnswer } from './http/post.js';
import { verdictOn } from './http/verdict.js';
import type { SinkMessage } from './message.js';
import type { Sender, SenderDeps } from './sender.js';
import { withoutMentions } from './text/mentions.js';
import { wholeText, withSign, wordingOf } from './text/wording.js';

type TelegramConfig = Extract<SinkConfig, { sink: 'telegram' }>;

/** Telegram takes 4,096 UTF-16 code units; some are left for what it may add. */
export const TELEGRAM_TEXT_LIMIT = { max: 4_000, measure: charactersOf } as const;
/** Telegram wants at most one message a second in a chat. */
const PAUSE_MS = 1_000;

/** A message of a Telegram bot. Plain text with formatting by position: no markup that a title could break. */
export function telegramSender(config: TelegramConfig, deps: SenderDeps): Sender {
  return messengerSender(
    {
      secrets: [config.token],
      settings: [config.api_url, config.chat],
      timeoutMs: config.timeout,
      toRequest: (message, expand) => ({
        url: `${expand(config.api_url).replace(/\/+$/, '')}/bot${expand(config.token)}/sendMessage`,
        body: {
          chat_id: expand(config.chat),
          ...(config.topic !== undefined && { message_thread_id: config.topic }),
          ...textAndFormat(message),
          link_preview_options: { is_disabled: message.item === undefined },
          disable_notification: message.item === undefined && message.level === 'info',
        },
      }),
      judge: (answer, conceal) => {
        const { askedMs, words } = readAnswer(answer);
        return verdictOn(answer, { conceal, words, askedMs, pauseMs: PAUSE_MS });
      },
    },
    deps,
  );
}

function textAndFormat(message: SinkMessage): { text: string; entities: unknown[] } {
  const { headline, text } = withSign(message.level, wordingOf(message));
  const first = headline === null ? null : withoutMentions(headline);
  const whole = wholeText({ headline: first, text: withoutMentions(text) });
  return {
    text: shorten(whole, TELEGRAM_TEXT_LIMIT),
    entities: first === null ? [] : [{ type: 'bold', offset: 0, length: first.length }],
  };
}

/** Telegram's description, and what it wants changed: a wait, or the new id of a group that has grown. */
function readAnswer(answer: HttpAnswer): { askedMs: number | undefined; words: string | undefined } {
  const fields = fieldsOf(answer.text);
  const parameters = asRecord(fields['parameters']);
  const description = textOf(fields['description']);
  const movedTo = parameters['migrate_to_chat_id'];
  const moved = typeof movedTo === 'number' ? ` (its id is ${movedTo} now)` : '';
  return {
    askedMs: secondsMs(parameters['retry_after']),
    words: description === undefined ? undefined : `${description}${moved}`,
  };
}
