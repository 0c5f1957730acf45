import type { FastifyReply, FastifyRequest } from 'fastify';
import { knowsEtag } from '../page/knows-etag.js';
import { byteRangeOf, type ByteRange } from './byte-range.js';
import type { OpenArtifact } from './open-artifact.js';

/**
 * A digest holds text of strangers: nothing in it may run, and it is of no site. Pictures, films and styles are shown when an
 * artifact is opened in a browser.
 */
const ARTIFACT_POLICY =
  "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data: https: http:; media-src 'self'";

type Reply = Pick<FastifyReply, 'code' | 'headers' | 'send'>;

/** Sends an artifact, a part of it, or that the client has it already; closes the file in every case. */
export async function sendArtifact(request: FastifyRequest, reply: Reply, open: OpenArtifact): Promise<void> {
  const { artifact, etag, handle, size } = open;
  reply.headers({
    etag,
    'accept-ranges': 'bytes',
    'cache-control': 'private, no-cache',
    'content-security-policy': ARTIFACT_POLICY,
  });
  if (knowsEtag(request.headers['if-none-match'], etag)) {
    await handle.close();
    reply.code(304).send();
    return;
  }
  const range = rangeOf(request, open);
  if (range === 'none') {
    await handle.close();
    return reply
      .code(416)
      .headers({ 'content-range': `bytes */${size}` })
      .send('');
  }
  const { start, end } = range === 'whole' ? { start: 0, end: size - 1 } : range;
  reply.headers({ 'content-type': artifact.mediaType, 'content-length': end - start + 1 });
  if (range !== 'whole') reply.code(206).headers({ 'content-range': `bytes ${start}-${end}/${size}` });
  if (request.method === 'HEAD' || size === 0) {
    await handle.close();
    reply.send('');
    return;
  }
  reply.send(handle.createReadStream({ start, end }));
}

/** A part of a file that has changed since would not fit the parts that the client has. */
function rangeOf({ headers }: FastifyRequest, { etag, size }: OpenArtifact): ByteRange | 'whole' | 'none' {
  const ifRange = headers['if-range'];
  if (ifRange !== undefined && ifRange !== etag) return 'whole';
  return byteRangeOf(headers.range, size);
}
