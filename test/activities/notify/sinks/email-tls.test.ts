/**
 * Goal: a mail and a password go only over TLS with a certificate that is vouched for.
 * Method: a real server with certificates of an authority of our own, which a process of its own trusts
 * (NODE_EXTRA_CA_CERTS is read when a process starts).
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execa } from 'execa';
import type { SMTPServerOptions } from 'smtp-server';
import { makeCertificates, type Certificates } from '../../../support/hostile-server/certificates.js';
import { startMailServer } from '../../../support/mail-server.js';

const PROGRAM = fileURLToPath(new URL('../../../fixtures/programs/send-mail.mjs', import.meta.url));

let directory: string;
let certificates: Certificates;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'holdfast-mail-'));
  certificates = makeCertificates();
  await writeFile(join(directory, 'authority.pem'), certificates.authority);
});
afterAll(() => rm(directory, { recursive: true, force: true }));

/** What becomes of a mail to `localhost`, and what the server saw. */
async function sendTo(scheme: 'smtp' | 'smtps', options: SMTPServerOptions) {
  const logins: string[] = [];
  const server = await startMailServer({
    authOptional: false,
    onAuth: ({ password }, session, done) => {
      logins.push(`${session.secure ? 'secure' : 'in clear'} ${password}`);
      done(null, { user: 'holdfast' });
    },
    ...options,
  });
  const config = {
    sink: 'email',
    url: `${scheme}://localhost:${server.port}`,
    user: 'holdfast',
    password: '${env:MAIL_PASSWORD}',
    from: 'holdfast@example.org',
    to: ['ann@example.org'],
  };
  try {
    const { stdout } = await execa(process.execPath, [PROGRAM, JSON.stringify(config)], {
      env: { MAIL_PASSWORD: 'corr3ct-horse', NODE_EXTRA_CA_CERTS: join(directory, 'authority.pem') },
    });
    return { result: JSON.parse(stdout) as unknown, logins, mails: server.received.length };
  } finally {
    await server.close();
  }
}

describe('the email sink over TLS', () => {
  it('signs in and sends after STARTTLS', async () => {
    expect(await sendTo('smtp', certificates.good)).toEqual({
      result: { outcome: 'delivered' },
      logins: ['secure corr3ct-horse'],
      mails: 1,
    });
  });

  it('signs in and sends to a server that speaks TLS from the first byte', async () => {
    expect(await sendTo('smtps', { ...certificates.good, secure: true })).toEqual({
      result: { outcome: 'delivered' },
      logins: ['secure corr3ct-horse'],
      mails: 1,
    });
  });

  it.each(['wrongHost', 'expired'] as const)(
    'gives a server with the certificate %s nothing',
    async (which) => {
      const sent = await sendTo('smtp', certificates[which]);
      expect(sent).toMatchObject({ result: { outcome: 'failed' }, logins: [], mails: 0 });
      expect(JSON.stringify(sent.result)).toMatch(/certificate|altnames/i);
    },
  );
});
