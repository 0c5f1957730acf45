import { startServer, type LocalServer } from '../local-server.js';

const PLAYLIST = [
  '#EXTM3U',
  '#EXT-X-VERSION:3',
  '#EXT-X-TARGETDURATION:2',
  '#EXT-X-MEDIA-SEQUENCE:5',
  '#EXTINF:2.0,',
  's5.ts',
  '#EXTINF:2.0,',
  's6.ts',
];
const MASTER = [
  '#EXTM3U',
  '#EXT-X-STREAM-INF:BANDWIDTH=300000,RESOLUTION=320x180,CODECS="avc1.42c00d,mp4a.40.2"',
  'live.m3u8?quality=low',
  '#EXT-X-STREAM-INF:BANDWIDTH=900000,RESOLUTION=640x360,CODECS="avc1.42c01e,mp4a.40.2"',
  'live.m3u8?quality=high',
];

/** A site with a live HLS show, a recorded one, and every refusal under its status. */
export function startHlsSite(): Promise<LocalServer> {
  return startServer((request, response) => {
    const path = request.url?.split('?')[0] ?? '';
    const status = /^\/(\d{3})/.exec(path)?.[1];
    if (path === '/hang.m3u8') return;
    if (status !== undefined) response.writeHead(Number(status)).end('refused');
    else if (path === '/page') response.writeHead(200, { 'content-type': 'text/html' }).end('<p>nothing</p>');
    else {
      response.setHeader('content-type', 'application/vnd.apple.mpegurl');
      if (path === '/master.m3u8') response.end(MASTER.join('\n'));
      else if (path === '/recorded.m3u8') response.end([...PLAYLIST, '#EXT-X-ENDLIST'].join('\n'));
      else response.end(PLAYLIST.join('\n'));
    }
  });
}
