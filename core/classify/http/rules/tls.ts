import type { HttpCause } from '../../../causes.js';
import { anyOf, STRENGTH, type Rule } from '../../types.js';

/** Certificates and handshakes. */
export const TLS_RULES: readonly Rule<HttpCause>[] = [
  {
    name: 'TLS was not acceptable',
    cause: 'tls',
    strength: STRENGTH.decisive,
    pattern: anyOf(
      /certificate|\bcert\b|CERT_|_CERT\b|\bERR_TLS_|ERR_SSL_(?!.{0,30}ECONNRESET)/,
      /EPROTO.{0,200}(?:ssl|tls)|self[- ]signed|SEC_ERROR_|MOZILLA_PKIX|SSL_ERROR_(?!SYSCALL)|unable to verify|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO/,
      /hostname mismatch|altname|ERR_CERT|x509|SSL routines|sslv3 alert|tlsv1 alert|handshake[_ ]failure/,
      /gave http response to https client|wrong[ _]version[ _]number|unsupported protocol.{0,20}(?:ssl|tls)|protocol[ _]version/,
      /unrecognized name|dh[ _]key too small|ca md too weak|legacy renegotiation|unsafe legacy/,
      /inappropriate fallback|no protocols available|no shared cipher|no cipher|alert number|schannel/,
      /SEC_E_|ssl peer|CRYPT_E|SSLError\b(?!$)|SSLCertVerification|SSL: [A-Z_]{4,60}/,
      /tls handshake (?:error|failed)|ssl handshake (?:failed|error)|bad record mac|decryption failed/,
      /packet length too long|record layer failure|http request\)|SSL_PROTOCOL|zertifikat|certificat/,
      /certificado|сертификат|证书|証明書/,
      /(?:\bssl|\btls)[^.]{0,40}(?:connection|channel|session|handshake|connect)\b.{0,30}(?:fail|could not(?!.{0,40}see inner)|cannot|error)|(?:ssl|tls) (?:connection )?error/,
      /(?:could not|cannot|unable to|failed to|can't) (?:create|establish|negotiate|enable|initiali[sz]e|set ?up|verify).{0,40}(?:\bssl|\btls|crypto)/,
      /Security\.Authentication\.AuthenticationException|trust anchor|PKIX|SSLPeerUnverified|hostname .{1,80}not verified|plaintext connection|unrecogni[sz]ed ssl|App Transport Security/,
      /gnutls_handshake|unexpected tls packet|remote error: tls|does not look like a tls|(?:un)?known[ _]ca\b|tls_alert|HandshakeFailed|secure connection to the server cannot/,
      /INADEQUATE_SECURITY|\b0x8009[02][0-9a-f]{3}\b|handshake .{0,20}(?:fail|error)|NSS error -12\d{3}|revocation/,
    ),
    unless: anyOf(
      /SSL_ERROR_SYSCALL|unexpected eof|EOF occurred in violation|UNEXPECTED_EOF|before secure tls/,
      /timed ?out|time-?out|connection (?:was )?(?:reset|closed|aborted)|ECONNRESET|close_notify/,
      /close notify|non[- ]properly terminated|errno 104|errno 10054|bad gateway|SYSCALL returned|host closed connection/,
    ),
    why: 'Certificates, versions and ciphers are settings of either side; a retry finds them unchanged.',
  },
  {
    name: 'no trust in the other side',
    cause: 'tls',
    strength: STRENGTH.decisive,
    pattern: /trust relationship|could not create .{0,20}secure channel/i,
    why: '.NET speaks of a closed connection in the same message, which is the consequence.',
  },
  {
    name: 'something about TLS failed',
    cause: 'tls',
    strength: STRENGTH.weak,
    pattern:
      /(?:\bssl|\btls|ssl\w{0,12}(?:exception|error)).{0,80}(?:error|fail|alert|handshake|unsupported|denied|mismatch)|SSL(?:Error|Exception)$/i,
    unless: /timed?[ _-]?out|reset|closed|eof|aborted/i,
    why: 'Where TLS is named and neither time nor the connection is, a setting of either side is wrong.',
  },
];
