import { describe, expect, it } from '@jest/globals';
import type { Socket } from 'node:net';
import { serveHttp } from '../support/hostile-server.js';
import { runReader } from '../support/reader-program.js';

describe('a kept connection that turns out to be dead', () => {
  it('is replaced by a fresh one once, without ending the run', async () => {
    const used = new Set<Socket>();
    const show = '#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nsegment\n#EXT-X-ENDLIST\n';
    const server = await serveHttp((request, response) => {
      if (used.has(request.socket)) request.socket.resetAndDestroy();
      else response.end(request.url === '/segment' ? 'data' : show);
      used.add(request.socket);
    });
    const { end, media } = await runReader({ url: `${server.url}/index.m3u8`, format: 'hls' });
    await server.close();
    expect(end.reason).toBe('endlist');
    expect(media.toString()).toBe('data');
    expect(server.requests.map(({ url }) => url)).toEqual(['/index.m3u8', '/segment', '/segment']);
  });
});
