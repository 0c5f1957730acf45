import { shorten } from '../../../core/announce/index.js';
import type { SinkConfig } from '../../../core/config/notify.js';
import { messengerSender } from './http/messenger.js';
import { verdictOn } from './http/verdict.js';
import type { SinkMessage } from './message.js';
import type { Sender, SenderDeps } from './sender.js';
import { withoutMentions } from './text/mentions.js';
import { wholeText, withSign, wordingOf } from './text/wording.js';

type SlackConfig = Extract<SinkConfig, { sink: 'slack' }>;

/** Slack asks for at most 4,000 characters, escapes included. */
export const SLACK_TEXT_LIMIT = { max: 4_000, measure: (text: string) => escapeSlack(text).length } as const;
/** An incoming webhook takes about one message a second. */
const PAUSE_MS = 1_000;

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** A message by an incoming webhook of Slack: markup is off, and `<!everyone>` stays text. */
export function slackSender(config: SlackConfig, deps: SenderDeps): Sender {
  return messengerSender(
    {
      secrets: [config.url],
      timeoutMs: config.timeout,
      toRequest: (message, expand) => ({ url: expand(config.url), body: bodyOf(message) }),
      judge: (answer, conceal) => verdictOn(answer, { conceal, pauseMs: PAUSE_MS }),
    },
    deps,
  );
}

function bodyOf(message: SinkMessage): unknown {
  const text = wholeText(withSign(message.level, wordingOf(message)));
  const unfurl = message.item !== undefined;
  return {
    text: escapeSlack(shorten(text, SLACK_TEXT_LIMIT)),
    mrkdwn: false,
    link_names: false,
    unfurl_links: unfurl,
    unfurl_media: unfurl,
  };
}

/** Everything that Slack would read as a command, a mention or a named link becomes text. */
export function escapeSlack(text: string): string {
  return withoutMentions(text).replaceAll(/[&<>]/g, (character) => ESCAPES[character] ?? character);
}
