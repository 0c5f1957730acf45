/** Goal: certificates that are not acceptable are named as such; those of a trusted authority are taken. */
import { describe, expect, it } from '@jest/globals';
import { startHostileServer } from '../../support/hostile-server/index.js';
import { makeCertificates, serveTls, type Certificate } from '../../support/hostile-server/certificates.js';
import { fetchFrom, inShort } from './support.js';

const certificates = makeCertificates();
const trustedCertificates = [certificates.authority];

async function fetchOver(certificate: Certificate, trusted: readonly string[]): Promise<string> {
  const server = await serveTls(certificate, 'hello');
  try {
    return inShort(await fetchFrom(server.url, {}, { trustedCertificates: trusted }));
  } finally {
    await server.close();
  }
}

describe('over TLS', () => {
  it('a certificate of a trusted authority is taken', async () => {
    expect(await fetchOver(certificates.good, trustedCertificates)).toBe('ok');
  });

  it('an authority that is not trusted is a failure of TLS', async () => {
    expect(await fetchOver(certificates.good, [])).toBe('tls');
  });

  it.each(['wrongHost', 'expired', 'selfSigned'] as const)('%s is a failure of TLS', async (name) => {
    expect(await fetchOver(certificates[name], trustedCertificates)).toBe('tls');
  });

  it('a server that speaks none is a failure of TLS', async () => {
    const server = await startHostileServer();
    const url = server.url('good').replace('http:', 'https:');
    expect(inShort(await fetchFrom(url))).toBe('tls');
    await server.close();
  });
});
