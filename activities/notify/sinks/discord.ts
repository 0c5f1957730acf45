import { shorten } from '../../../core/announce/index.js';
import type { SinkConfig } from '../../../core/config/notify.js';
import { fieldsOf, secondsMs, textOf } from './http/json-answer.js';
import { messengerSender } from './http/messenger.js';
import type { HttpAnswer } from './http/post.js';
import { headerOf, verdictOn } from './http/verdict.js';
import type { SinkMessage } from './message.js';
import type { Sender, SenderDeps } from './sender.js';
import { mapRuns } from './text/links.js';
import { withoutMentions } from './text/mentions.js';
import { withSign, wordingOf } from './text/wording.js';

type DiscordConfig = Extract<SinkConfig, { sink: 'discord' }>;

/** Discord takes 2,000 characters, escapes included. */
const TEXT_MAX = 2_000;
/** Characters that are markup anywhere, and those that are at the beginning of a line. */
const MARKUP = /[\\*_~`|<[\]]|^[ \t]*[#\->]/gm;
/** What could end a link early and open markup again. */
const MARKUP_IN_LINKS = /[\\*~`|]/g;
const SUPPRESS_EMBEDS = 4;

/** How long a text is for Discord. */
export const DISCORD_TEXT_LIMIT = {
  max: TEXT_MAX,
  measure: (text: string) => escapeMarkdown(text).length,
} as const;

/** A message by a webhook of Discord. Nobody is called, and no markup of a title counts. */
export function discordSender(config: DiscordConfig, deps: SenderDeps): Sender {
  return messengerSender(
    {
      secrets: [config.url],
      timeoutMs: config.timeout,
      toRequest: (message, expand) => ({ url: confirmed(expand(config.url)), body: bodyOf(message) }),
      judge: (answer, conceal) => {
        const fields = fieldsOf(answer.text);
        return verdictOn(answer, {
          conceal,
          words: textOf(fields['message']),
          askedMs: secondsMs(fields['retry_after']),
          pauseMs: pauseAfter(answer),
        });
      },
    },
    deps,
  );
}

function bodyOf(message: SinkMessage): unknown {
  const { headline, text } = withSign(message.level, wordingOf(message));
  const bold = headline === null ? '' : `**${escapeMarkdown(headline)}**\n`;
  const rest = shorten(text, { ...DISCORD_TEXT_LIMIT, max: TEXT_MAX - bold.length });
  return {
    content: bold + escapeMarkdown(rest),
    allowed_mentions: { parse: [] },
    flags: message.item === undefined ? SUPPRESS_EMBEDS : 0,
  };
}

/** Words as they stand, whatever Discord would make of them; links stay links. */
export function escapeMarkdown(text: string): string {
  return mapRuns(withoutMentions(text), {
    words: (words) => words.replaceAll(MARKUP, (found) => `${found.slice(0, -1)}\\${found.slice(-1)}`),
    links: (link) => link.replaceAll(MARKUP_IN_LINKS, percentEncoded),
  });
}

function percentEncoded(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}

/** Discord answers only after it has kept the message when it is asked to. */
function confirmed(url: string): string {
  const address = new URL(url);
  address.searchParams.set('wait', 'true');
  return address.href;
}

/** The rest of the window when this was its last message. */
function pauseAfter(answer: HttpAnswer): number | undefined {
  if (headerOf(answer, 'x-ratelimit-remaining') !== '0') return undefined;
  return secondsMs(headerOf(answer, 'x-ratelimit-reset-after'));
}
