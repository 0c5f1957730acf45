import type { SMTPConnectionSendInfo } from 'nodemailer/lib/smtp-connection';
import { inShort } from '../http/verdict.js';
import type { SendResult } from '../sender.js';

/** What a mail server refused for one recipient. */
export interface Refusal {
  readonly recipient: string;
  readonly words: string;
  /** 5xx: another attempt is of no use. */
  readonly permanent: boolean;
}

/** An error of a conversation as the mail library reports it. */
interface MailError {
  readonly name?: string;
  readonly message?: string;
  readonly code?: string;
  readonly originalCode?: string;
  readonly response?: string | false;
  readonly responseCode?: number | false;
  readonly recipient?: string;
  readonly rejectedErrors?: readonly MailError[];
}

/** The recipients that a server did not accept, with its words. */
export function refusalsOf(info: Pick<SMTPConnectionSendInfo, 'rejectedErrors'>): Refusal[] {
  return ((info.rejectedErrors ?? []) as readonly MailError[]).map((error) => ({
    recipient: error.recipient ?? '',
    words: wordsOf(error),
    permanent: isPermanent(error),
  }));
}

/** What the end of a conversation without any accepted recipient means. */
export function verdictOnFailure(thrown: unknown, conceal: (text: string) => string): SendResult {
  const error = thrown as MailError;
  if (error.name === 'TimeoutError') return { outcome: 'failed', error: 'no answer in time' };
  const recipients = error.rejectedErrors ?? [];
  const permanent = recipients.length > 0 ? recipients.every(isPermanent) : isPermanent(error);
  const words = inShort(conceal(wordsOf(error)));
  return permanent ? { outcome: 'refused', error: words } : { outcome: 'failed', error: words };
}

/** Several refusals in one line. */
export function describeRefusals(refusals: readonly Refusal[]): string {
  return refusals.map(({ recipient, words }) => `${recipient}: ${words}`).join('; ');
}

/** A 5xx answer. Trouble with TLS can pass: certificates are renewed. */
function isPermanent(error: MailError): boolean {
  const status = typeof error.responseCode === 'number' ? error.responseCode : 0;
  return status >= 500 && status < 600 && error.code !== 'ETLS';
}

/** The server's own words, or what happened to the connection. */
function wordsOf(error: MailError): string {
  if (typeof error.response === 'string' && error.response !== '' && error.code !== 'ETLS')
    return error.response;
  const code = error.originalCode ?? error.code;
  const message = error.message ?? '';
  return [code === undefined || message.includes(code) ? undefined : code, message]
    .filter(Boolean)
    .join(': ');
}
