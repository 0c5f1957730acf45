import { ReaderFailure } from '../reader-failure.js';
import type { HlsClient } from './client.js';
import type { SegmentKey } from './media-playlist.js';

const KEY_BYTES = 16;
/** Shows change keys now and then; a few are kept because playlists list old and new together. */
const MAX_KEPT_KEYS = 8;

/** Decrypts AES-128 segments; each key is fetched once. */
export class SegmentDecrypter {
  readonly #client: HlsClient;
  readonly #keys = new Map<string, Buffer>();

  constructor(client: HlsClient) {
    this.#client = client;
  }

  /** @param sequence Number of the segment: the initialisation vector where the playlist gives none. */
  async decrypt(bytes: Buffer, key: SegmentKey, sequence: number, targetDurationMs: number): Promise<Buffer> {
    const secret = await this.#secretOf(key, targetDurationMs);
    const vector = Buffer.from(key.iv ?? sequence.toString(16).padStart(32, '0'), 'hex');
    const { createDecipheriv } = await import('node:crypto');
    try {
      const decipher = createDecipheriv('aes-128-cbc', secret, vector);
      return Buffer.concat([decipher.update(bytes), decipher.final()]);
    } catch (error) {
      throw new ReaderFailure(
        `segment ${sequence} cannot be decrypted`,
        { errorCode: 'ERR_DECRYPT' },
        { cause: error },
      );
    }
  }

  async #secretOf(key: SegmentKey, targetDurationMs: number): Promise<Buffer> {
    if (key.url === null) throw new ReaderFailure('the key has no address', { errorCode: 'ERR_NO_KEY' });
    const known = this.#keys.get(key.url);
    if (known !== undefined) return known;
    const secret = await this.#client.bytes(key.url, null, targetDurationMs);
    if (secret.length !== KEY_BYTES) {
      throw new ReaderFailure(`the key has ${secret.length} bytes instead of 16`, {
        errorCode: 'ERR_NO_KEY',
      });
    }
    const [oldest] = this.#keys.keys();
    if (this.#keys.size >= MAX_KEPT_KEYS && oldest !== undefined) this.#keys.delete(oldest);
    this.#keys.set(key.url, secret);
    return secret;
  }
}
