import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

/** An authority of our own and what it has signed for `localhost` and others. */
export interface Certificates {
  readonly authority: string;
  readonly good: Certificate;
  readonly wrongHost: Certificate;
  readonly expired: Certificate;
  readonly selfSigned: Certificate;
}

const AUTHORITY_CONFIG = `
[ca]
default_ca = authority
[authority]
database = index.txt
new_certs_dir = .
serial = serial
default_md = sha256
policy = any
copy_extensions = copy
unique_subject = no
[any]
commonName = supplied
`;

/** Makes them with openssl. */
export function makeCertificates(): Certificates {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-certificates-'));
  const openssl = (...words: string[]): void =>
    void execFileSync('openssl', words, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const read = (name: string): Certificate => ({
    key: readFileSync(join(folder, `${name}.key`), 'utf8'),
    cert: readFileSync(join(folder, `${name}.pem`), 'utf8'),
  });
  const selfSign = (name: string, host: string): void => {
    const subject = ['-subj', `/CN=${host}`, '-addext', `subjectAltName=DNS:${host}`];
    openssl(
      'req',
      '-x509',
      ...newKey,
      '-days',
      '2',
      ...subject,
      '-keyout',
      `${name}.key`,
      '-out',
      `${name}.pem`,
    );
  };
  const sign = (name: string, host: string, from: string, to: string): void => {
    const subject = ['-subj', `/CN=${host}`, '-addext', `subjectAltName=DNS:${host}`];
    openssl('req', '-new', ...newKey, ...subject, '-keyout', `${name}.key`, '-out', `${name}.csr`);
    const authority = ['-config', 'ca.cnf', '-cert', 'authority.pem', '-keyfile', 'authority.key'];
    const dates = ['-startdate', from, '-enddate', to];
    openssl('ca', '-batch', '-notext', ...authority, ...dates, '-in', `${name}.csr`, '-out', `${name}.pem`);
  };
  try {
    writeFileSync(join(folder, 'ca.cnf'), AUTHORITY_CONFIG);
    writeFileSync(join(folder, 'index.txt'), '');
    writeFileSync(join(folder, 'serial'), '01');
    selfSign('authority', 'holdfast-test-authority');
    selfSign('self-signed', 'localhost');
    sign('good', 'localhost', '20200101000000Z', '20990101000000Z');
    sign('wrong-host', 'elsewhere.example', '20200101000000Z', '20990101000000Z');
    sign('expired', 'localhost', '20200101000000Z', '20210101000000Z');
    const [good, wrongHost, expired, selfSigned] = ['good', 'wrong-host', 'expired', 'self-signed'].map(read);
    if (!good || !wrongHost || !expired || !selfSigned) throw new Error('openssl made too few certificates');
    return { authority: read('authority').cert, good, wrongHost, expired, selfSigned };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Serves one page over TLS, at `https://localhost:<port>/`. */
export async function serveTls(
  certificate: Certificate,
  page: string,
): Promise<{ readonly url: string; readonly close: () => Promise<void> }> {
  const server = createServer({ ...certificate }, (_request, response) => response.end(page));
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `https://localhost:${(server.address() as AddressInfo).port}/`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
