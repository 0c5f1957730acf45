import SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { SMTPConnectionSendInfo } from 'nodemailer/lib/smtp-connection';

/** The server that takes our mail. */
export interface MailServer {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte (smtps). */
  readonly implicitTls: boolean;
  /** What is done about STARTTLS without it. */
  readonly starttls: 'required' | 'offered' | 'never';
  readonly login: { readonly user: string; readonly password: string } | null;
}

export interface Mail {
  readonly from: string;
  readonly to: readonly string[];
  readonly raw: Buffer;
}

/** How long a server may take to say goodbye after it has taken the mail; nobody waits for that. */
const GOODBYE_MS = 1_000;

/**
 * Hands one mail to a server, on a connection of its own. Resolves when at least one recipient was accepted; says which.
 * Throws when the server refuses, does not finish in time, or the signal is aborted.
 */
export async function handOver(
  server: MailServer,
  mail: Mail,
  limits: { readonly timeoutMs: number; readonly signal: AbortSignal },
): Promise<SMTPConnectionSendInfo> {
  const end = AbortSignal.any([limits.signal, AbortSignal.timeout(limits.timeoutMs)]);
  end.throwIfAborted();
  const connection = new SMTPConnection(optionsFor(server, limits.timeoutMs));
  const ended = new Promise<never>((_resolve, reject) => {
    // Errors after the end of the conversation are nobody's: the listener stays.
    connection.on('error', reject);
    end.addEventListener('abort', () => reject(end.reason as Error), { once: true });
  });
  ended.catch(() => undefined);
  try {
    await Promise.race([ended, connect(connection)]);
    if (server.login !== null) await Promise.race([ended, login(connection, server.login)]);
    const info = await Promise.race([ended, send(connection, mail)]);
    sayGoodbye(connection);
    return info;
  } catch (error) {
    connection.close();
    throw error;
  }
}

function optionsFor(server: MailServer, timeoutMs: number) {
  return {
    host: server.host,
    port: server.port,
    secure: server.implicitTls,
    requireTLS: !server.implicitTls && server.starttls === 'required',
    ignoreTLS: server.starttls === 'never',
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    dnsTimeout: timeoutMs,
    // A connection that is over is destroyed, not left to a server that does not answer.
    socketCloseTimeout: 0,
    logger: false as const,
  };
}

async function connect(connection: SMTPConnection): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    connection.connect((error) => (error === undefined ? resolve() : reject(error)));
  });
}

async function login(
  connection: SMTPConnection,
  { user, password }: { readonly user: string; readonly password: string },
): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    connection.login({ user, pass: password, credentials: { user, pass: password } }, (error) =>
      error === null ? resolve() : reject(error),
    );
  });
}

async function send(connection: SMTPConnection, mail: Mail): Promise<SMTPConnectionSendInfo> {
  return await new Promise((resolve, reject) => {
    connection.send({ from: mail.from, to: [...mail.to] }, mail.raw, (error, info) =>
      error === null ? resolve(info) : reject(error),
    );
  });
}

function sayGoodbye(connection: SMTPConnection): void {
  connection.quit();
  setTimeout(() => connection.close(), GOODBYE_MS).unref();
}
