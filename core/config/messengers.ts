import { z } from 'zod';
import { httpAddress, pattern, secret } from './common.js';
import { duration } from './duration.js';
import { configFacts } from './facts.js';
import { requestTimeout, sinkKeys } from './sink-keys.js';

/** Most recipients of one mail, and most tags of ntfy. */
const RECIPIENTS_MAX = 50;
const TAGS_MAX = 20;

const CHAT_ALLOWED = 'the id of a chat (a number, negative for groups), @name of a channel, or ${env:NAME}';

const chat = z
  .union([z.number().int(), z.string()])
  .transform((value, context) => {
    const id = String(value);
    if (/^(?:-?\d{1,20}|@[A-Za-z0-9_]{4,64}|\$\{env:[^{}]*\})$/.test(id)) return id;
    context.addIssue({ code: 'custom', message: `expected ${CHAT_ALLOWED}` });
    return z.NEVER;
  })
  .register(configFacts, { allowed: CHAT_ALLOWED });

/** An address that is a secret as a whole: whoever knows it can post. */
function secretAddress() {
  return z
    .string()
    .regex(/^(?:https?:\/\/\S+|\$\{env:.*)$/i, 'expected an address as ${env:NAME}')
    .register(configFacts, { allowed: 'an address as ${env:NAME}', secret: true });
}

const mailAddress = pattern(
  /^(?:[^\r\n<>]{0,200}<[^\s<>@]+@[^\s<>@]+>|[^\s<>@,;]+@[^\s<>@,;]+|\$\{env:[^{}]*\})$/,
  'a mail address, alone or as NAME <ADDRESS>, or ${env:NAME}',
);

export const telegramSchema = z.strictObject({
  sink: z.literal('telegram').describe('A message of a Telegram bot.'),
  token: secret().describe('Token of the bot, as @BotFather gives it.'),
  chat: chat.describe('Where to; the bot must be a member, or the user must have written to it first.'),
  topic: z.number().int().min(1).optional().describe('Topic of a group that has topics.'),
  api_url: httpAddress().default('https://api.telegram.org').describe('Where the Bot API is served.'),
  timeout: requestTimeout(),
  ...sinkKeys,
});

export const discordSchema = z.strictObject({
  sink: z.literal('discord').describe('A message in a channel of Discord.'),
  url: secretAddress().describe('Address of a webhook of the channel. Nobody is mentioned.'),
  timeout: requestTimeout(),
  ...sinkKeys,
});

export const slackSchema = z.strictObject({
  sink: z.literal('slack').describe('A message in a channel of Slack.'),
  url: secretAddress().describe('Address of an incoming webhook of the channel. Nobody is mentioned.'),
  timeout: requestTimeout(),
  ...sinkKeys,
});

export const ntfySchema = z.strictObject({
  sink: z.literal('ntfy').describe('A message on a topic of ntfy; the level decides its priority.'),
  url: httpAddress().default('https://ntfy.sh').describe('Address of the server.'),
  topic: pattern(
    /^(?:[A-Za-z0-9_-]{1,64}|\$\{env:[^{}]*\})$/,
    '1 to 64 letters, digits, dashes or underscores, or ${env:NAME}',
  ).describe('Name of the topic. On a public server whoever knows it can read along.'),
  token: secret().optional().describe('Access token, for topics that need one.'),
  tags: z
    .array(pattern(/^[^\s,]{1,64}$/, 'a word without spaces or commas'))
    .max(TAGS_MAX)
    .default([])
    .describe('Further tags beside that of the level.'),
  timeout: requestTimeout(),
  ...sinkKeys,
});

export const emailSchema = z
  .strictObject({
    sink: z.literal('email').describe('A mail, handed to a server of yours.'),
    url: pattern(
      /^(?:smtps?:\/\/[^\s@/]+\/?|\$\{env:.*)$/i,
      'smtp://HOST:PORT or smtps://HOST:PORT (user and password are keys of their own), or ${env:NAME}',
    ).describe('The server. Port 587 when absent; `smtps` speaks TLS from the first byte, on port 465.'),
    starttls: z
      .enum(['required', 'offered', 'never'])
      .default('required')
      .describe(
        'TLS on `smtp://`: `offered` also takes a server without it, `never` is for one on the same machine.',
      ),
    user: z.string().min(1).optional().describe('Name for signing in; not signed in when absent.'),
    password: secret().optional().describe('Password for signing in.'),
    from: mailAddress.describe('Sender.'),
    to: z.array(mailAddress).min(1).max(RECIPIENTS_MAX).describe('Recipients; each sees the others.'),
    timeout: duration({ minMs: 100, maxMs: 300_000 })
      .default(30_000)
      .describe('From the connection until the server has taken the mail.'),
    ...sinkKeys,
  })
  .refine((email) => (email.user === undefined) === (email.password === undefined), {
    message: 'expected user and password, or neither',
    path: ['user'],
  });
