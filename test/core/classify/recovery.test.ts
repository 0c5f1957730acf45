import { describe, expect, it } from '@jest/globals';
import { explainMedia } from '../../../core/classify/index.js';

const LOST = 'av_interleaved_write_frame(): Connection reset by peer';

describe('The mark of a level', () => {
  it.each([
    '-- INFO  [1276.896    stream] -- Using it: cannot find the encoder, no capable devices',
    '[1:ml1] [NTC] [VID] v4l2_pixfmt_try: Unable to use YU12 (640x480)',
    'I: [pulseaudio] alsa-util.c: Failed to set hardware parameters on plug:hw:0: Invalid argument',
    '0:00:00.692 239 0x55588fc3ae70 WARN vadisplay gstvadisplay.c:401:f:<d> vaInitialize: unknown libva error',
    '[   0.706][v][lavf] No format found, try lowering probescore or forcing the format.',
    'D/VLC     (14606): libvlc stream: cannot open /dev/video0: No such device',
    '2023-11-03T09:28:27 level=info msg="device not found: /dev/video9"',
  ])('makes a remark of "%s"', (text) => {
    expect(explainMedia({ text })).toMatchObject({ cause: 'benign' });
  });

  it.each([
    'DEBUG: ustreamer [cam 1]: ERROR CAP: /dev/video0: No such device',
    '2021/05/20 13:33:36 [I] [0/0/0] [camera] ERR: /dev/video0: No such device',
    '0:00:00.1 20478 0xaaaaae4e4000 WARN default f.c:189:f:<source> error: /dev/video0: No such device',
  ])('is that of the program inside a wrapper: "%s"', (text) => {
    expect(explainMedia({ text })).toMatchObject({ cause: 'device_not_found' });
  });
});

describe('What a program has got over', () => {
  it.each([
    ['it flows again', '-- INFO  [1.2] -- CAP: Capturing started'],
    ['it does something else instead', 'Falling back to YUV mode'],
  ])('explains nothing when %s', (_title, sign) => {
    expect(explainMedia({ text: `${LOST}\n${sign}` })).toMatchObject({ cause: 'benign' });
  });

  it('is not what "instead of" speaks of', () => {
    const text = 'erroneous pipeline: {hub} stands in it 2 times instead of once';
    expect(explainMedia({ text })).toMatchObject({ cause: 'invalid_pipeline' });
  });

  it('explains the end when the same fails again', () => {
    const text = `Trying the next device\n${LOST}`;
    expect(explainMedia({ text })).toMatchObject({ cause: 'network_disconnect' });
  });

  it('is never a full disk', () => {
    const text = 'write failed: No space left on device\n-- INFO  [1.2] -- CAP: Capturing started';
    expect(explainMedia({ text })).toMatchObject({ cause: 'storage_full' });
  });
});

describe('What is printed after someone asked for the end', () => {
  it('is how the program ends, and no failure', () => {
    const text =
      '^CCaught signal: 2, cleaning up, just a second...\nERROR: RTMP_ReadPacket, failed to read RTMP packet header';
    expect(explainMedia({ text })).toMatchObject({ cause: 'benign' });
  });

  it('still tells of a disk that took no more', () => {
    const text =
      'Exiting normally, received signal 2.\nError writing trailer of a.mp4: No space left on device';
    expect(explainMedia({ text })).toMatchObject({ cause: 'storage_full' });
  });
});
