import { describe, expect, it } from '@jest/globals';
import { classify } from '../../../core/classify/index.js';
import type { Evidence } from '../../../core/evidence.js';

/** What ffmpeg 5.1 and GStreamer 1.22 print as parts of a capture, taken from runs against real servers and devices. */
const EMPTY_PIPE =
  '[mpegts @ 0x1] [warning] Could not detect TS packet size, defaulting to non-FEC/DVHS\n[fatal] pipe:0: could not find codec parameters';
const OVERRUN = '[udp @ 0x1] [warning] Circular buffer overrun. Surviving due to overrun_nonfatal option';

describe('What the processes of a capture print', () => {
  it.each<{ title: string; evidence: Evidence; cause: string; detail: RegExp }>([
    {
      title: 'an empty pipe is never the reason: the stage before it says why',
      evidence: {
        tool: 'gstreamer',
        role: 'pipeline',
        exitCode: 0,
        text: `ERROR: from element /GstPipeline:pipeline0/GstRTSPSrc:rtspsrc0: Could not open resource for reading and writing.\nFailed to connect. (Generic error)\n${EMPTY_PIPE}`,
      },
      cause: 'network_disconnect',
      detail: /Failed to connect/,
    },
    {
      title: 'a pipeline that failed with words nobody knows is told by these words',
      evidence: {
        tool: 'gstreamer',
        role: 'pipeline',
        exitCode: 0,
        text: `ERROR: from element /GstPipeline:pipeline0/GstIdentity:identity0: Failed after iterations as requested.\n${EMPTY_PIPE}`,
      },
      cause: 'unknown',
      detail: /Failed after iterations/,
    },
    {
      title: 'an input that ends without a word has ended',
      evidence: { tool: 'ffmpeg', role: 'pipeline', exitCode: 0, text: '' },
      cause: 'network_disconnect',
      detail: /ended without an error/,
    },
    {
      title: 'an SRT listener that wants a passphrase refuses our account',
      evidence: {
        tool: 'ffmpeg',
        role: 'output',
        exitCode: 1,
        text: '04:57:10.423774/SRT:RcvQ:w1!W:SRT.cn: processAsyncConnectRequest: REJECT reported from HS processing: Password required or unexpected - not processing further\n[srt @ 0x1] [error] Connection to srt://127.0.0.1:52474 failed: Input/output error',
      },
      cause: 'unauthorized',
      detail: /Password required/,
    },
    {
      title: 'a reader that was held up ends by what held it up',
      evidence: {
        tool: 'ffmpeg',
        role: 'output',
        exitCode: 1,
        text: `${OVERRUN}\n${OVERRUN}\n[error] av_interleaved_write_frame(): Broken pipe\n[error] Error writing trailer of rtmp://127.0.0.1:1935/live/b: Broken pipe`,
      },
      cause: 'network_disconnect',
      detail: /Broken pipe/,
    },
    {
      title: 'the name of a stream explains nothing, and is not shown',
      evidence: {
        tool: 'ffmpeg',
        role: 'output',
        exitCode: 1,
        text: '[error] Error writing trailer of rtmp://127.0.0.1:33051/camera/killed: Broken pipe',
      },
      cause: 'network_disconnect',
      detail: /rtmp:\/\/127\.0\.0\.1:33051\/…: Broken pipe/,
    },
    {
      title: 'a preset that does not exist is an invalid argument',
      evidence: {
        tool: 'ffmpeg',
        role: 'pipeline',
        exitCode: 1,
        text: "x264 [error]: invalid preset 'warp'\n[libx264 @ 0x1] [error] Error setting preset/tune warp/(null).\n[error] Error initializing output stream 0:0 -- Error while opening encoder for output stream #0:0 - maybe incorrect parameters such as bit_rate, rate, width or height",
      },
      cause: 'invalid_pipeline',
      detail: /invalid preset 'warp'/,
    },
    {
      title: 'a variable that is not set on this host is an invalid argument',
      evidence: {
        tool: 'other',
        role: 'pipeline',
        text: 'the environment variable CAM is not set (named by ${env:CAM})',
      },
      cause: 'invalid_pipeline',
      detail: /CAM is not set/,
    },
  ])('$title', ({ evidence, cause, detail }) => {
    const verdict = classify(evidence);
    expect(verdict.cause).toBe(cause);
    expect(verdict.detail).toMatch(detail);
  });
});
