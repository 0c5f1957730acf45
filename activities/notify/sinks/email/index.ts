import type { SinkConfig } from '../../../../core/config/notify.js';
import { expandSecrets, redact, secretsIn } from '../../../secrets/index.js';
import { inShort } from '../http/verdict.js';
import type { Sender, SenderDeps } from '../sender.js';
import { addressOf } from './address.js';
import { composeMail } from './compose.js';
import { handOver, type MailServer } from './session.js';
import { TakenRecipients } from './taken.js';
import { describeRefusals, refusalsOf, verdictOnFailure } from './verdict.js';

type EmailConfig = Extract<SinkConfig, { sink: 'email' }>;

/** Ports of submission: with TLS after STARTTLS, and with TLS from the first byte. */
const STARTTLS_PORT = 587;
const TLS_PORT = 465;

/** A mail by a server of one's own. Recipients that it takes get it once, though others have to be tried again. */
export function emailSender(config: EmailConfig, { env, logger }: SenderDeps): Sender {
  const taken = new TakenRecipients();
  const expand = (text: string): string => expandSecrets(text, env);
  return async (message, signal) => {
    const conceal = (text: string): string => redact(text, secretsOf(config, env));
    try {
      const from = expand(config.from);
      const recipients = config.to.map(expand);
      const rest = taken.rest(message.id, recipients.map(addressOf));
      const raw = await composeMail(message, { from, to: recipients });
      const mail = { from: addressOf(from), to: rest, raw };
      const info = await handOver(serverOf(config, expand), mail, { timeoutMs: config.timeout, signal });
      const refusals = refusalsOf(info);
      const later = refusals.filter(({ permanent }) => !permanent);
      const never = refusals.filter(({ permanent }) => permanent);
      const lost = inShort(conceal(describeRefusals(never)));
      if (never.length > 0)
        logger.warn({ notification: message.id, error: lost }, 'some recipients were refused');
      taken.add(message.id, [...info.accepted, ...never.map(({ recipient }) => recipient)]);
      if (later.length > 0) return { outcome: 'failed', error: inShort(conceal(describeRefusals(later))) };
      taken.forget(message.id);
      return { outcome: 'delivered' };
    } catch (error) {
      return verdictOnFailure(error, conceal);
    }
  };
}

function serverOf(config: EmailConfig, expand: (text: string) => string): MailServer {
  const address = new URL(expand(config.url));
  const implicitTls = address.protocol === 'smtps:';
  const { user, password } = config;
  return {
    host: address.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: address.port === '' ? (implicitTls ? TLS_PORT : STARTTLS_PORT) : Number(address.port),
    implicitTls,
    starttls: config.starttls,
    login:
      user === undefined || password === undefined
        ? null
        : { user: expand(user), password: expand(password) },
  };
}

/** A password in clear, and all variables that are named. */
function secretsOf(config: EmailConfig, env: NodeJS.ProcessEnv): string[] {
  const { password = '', user = '', url, from, to } = config;
  const inClear = password.includes('${env:') ? [] : [password];
  return [...inClear, ...[password, user, url, from, ...to].flatMap((text) => secretsIn(text, env))];
}
