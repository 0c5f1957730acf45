import { createHash } from 'node:crypto';
import MailComposer from 'nodemailer/lib/mail-composer';
import { charactersOf, oneLine, shorten } from '../../../../core/announce/index.js';
import type { SinkMessage } from '../message.js';
import { wordingOf } from '../text/wording.js';

/** Longer subjects are cut off by most mail programs. */
const SUBJECT_MAX = 200;

/** A mail as bytes, ready to be sent. Plain text: nothing in it is interpreted. */
export async function composeMail(
  message: SinkMessage,
  addresses: { readonly from: string; readonly to: readonly string[] },
): Promise<Buffer> {
  const wording = wordingOf(message);
  const composer = new MailComposer({
    from: addresses.from,
    to: [...addresses.to],
    subject: subjectOf(message),
    text: wording.headline === null ? wording.text : `${wording.headline}\n\n${wording.text}\n`,
    messageId: messageIdOf(message.id),
    // Keeps holiday replies and mailing lists from answering.
    headers: { 'Auto-Submitted': 'auto-generated' },
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return await composer.compile().build();
}

function subjectOf(message: SinkMessage): string {
  const what = message.item?.title ?? message.message;
  const level = message.item === undefined ? `${message.level}: ` : '';
  const subject = oneLine(`[holdfast] ${level}${message.instance}: ${what}`);
  return shorten(subject, { max: SUBJECT_MAX, measure: charactersOf });
}

/** The same for every attempt, so that mail programs can tell repetitions. */
function messageIdOf(id: string): string {
  return `<${createHash('sha256').update(id).digest('hex').slice(0, 32)}@holdfast.invalid>`;
}
