import { describe, expect, it } from '@jest/globals';
import { errnoOfCode, errnoOfNumber, errnosIn } from '../../../core/classify/errno.js';

describe('System errors in a line', () => {
  it.each([
    ['write: No space left on device', 'ENOSPC'],
    ['Error: ENOSPC: write', 'ENOSPC'],
    ['write failed: errno 28', 'ENOSPC'],
    ['Task finished with error code: -28', 'ENOSPC'],
    ['Auf dem Gerät ist kein Speicherplatz mehr verfügbar', 'ENOSPC'],
    ['No queda espacio en el dispositivo', 'ENOSPC'],
    ['Aucun espace disponible sur le périphérique', 'ENOSPC'],
    ['Não há espaço disponível no dispositivo', 'ENOSPC'],
    ['Spazio esaurito sul device', 'ENOSPC'],
    ['设备上没有空间', 'ENOSPC'],
    ['デバイスに空き領域がありません', 'ENOSPC'],
    ['На устройстве не осталось свободного места', 'ENOSPC'],
    ['[WinError 10054] An existing connection was forcibly closed by the remote host', 'ECONNRESET'],
    ['Error number -10054 occurred', 'ECONNRESET'],
    ['远程主机强迫关闭了一个现有的连接。', 'ECONNRESET'],
    ['WriteN, RTMP send error 32 (29 bytes)', 'EPIPE'],
    ['connect ECONNREFUSED 127.0.0.1:80', 'ECONNREFUSED'],
    ['WSAECONNREFUSED', 'ECONNREFUSED'],
    ['getaddrinfo ENOTFOUND a.example', 'EAI_NONAME'],
    ['В соединении отказано', 'ECONNREFUSED'],
  ])('%s is %s', (line, name) => {
    expect([...errnosIn(line)]).toContain(name);
  });

  it('are not read out of numbers that mean something else', () => {
    expect([...errnosIn('frame= 104 fps= 28 q=32.0 size= 111kB')]).toEqual([]);
    expect([...errnosIn('streaming stopped, reason error (-5)')]).toEqual([]);
  });

  it('have one name for each code and number', () => {
    expect(errnoOfCode('EWOULDBLOCK')).toBe('EAGAIN');
    expect(errnoOfCode('NOT_AN_ERRNO')).toBeNull();
    expect(errnoOfNumber(-110)).toBe('ETIMEDOUT');
    expect(errnoOfNumber(0)).toBeNull();
  });
});
