import { describe, expect, it } from '@jest/globals';
import { classify } from '../../../core/classify/index.js';
import type { Evidence } from '../../../core/evidence.js';

const STORAGE_TEXT = 'av_interleaved_write_frame(): No space left on device';
const RESET_TEXT = 'rtmp://a/b: Connection reset by peer';
const BAD_OPTION_TEXT = "Unrecognized option 'x'.\nError splitting the argument list: Option not found";

describe('Facts outrank text', () => {
  it.each<{ title: string; evidence: Evidence; cause: string }>([
    {
      title: 'our own stop',
      evidence: { stopRequested: true, exitSignal: 'SIGKILL', text: STORAGE_TEXT },
      cause: 'benign',
    },
    {
      title: 'a source that says it is over',
      evidence: { sourceEnded: true, text: RESET_TEXT },
      cause: 'not_live',
    },
    {
      title: 'a full disk',
      evidence: { freeBytes: 0, stalledForMs: 15_000, text: RESET_TEXT },
      cause: 'storage_full',
    },
    {
      title: 'a path that cannot be written',
      evidence: { writable: false, text: RESET_TEXT },
      cause: 'read_only_storage',
    },
    {
      title: 'a program that does not exist',
      evidence: { spawnErrorCode: 'ENOENT' },
      cause: 'invalid_pipeline',
    },
    {
      title: 'a program that may not be run',
      evidence: { spawnErrorCode: 'EACCES' },
      cause: 'permission_denied',
    },
    {
      title: 'a lost signal, which also looks like a stall',
      evidence: { signalPresent: false, stalledForMs: 20_000 },
      cause: 'signal_lost',
    },
    {
      title: 'a lost signal before a missing device',
      evidence: { signalPresent: false, deviceExists: false, role: 'device' },
      cause: 'signal_lost',
    },
    {
      title: 'a missing device',
      evidence: { deviceExists: false, role: 'device', stalledForMs: 20_000 },
      cause: 'device_not_found',
    },
    {
      title: 'a stall, whose signal was ours',
      evidence: { stalledForMs: 15_000, exitSignal: 'SIGKILL', text: RESET_TEXT },
      cause: 'stream_timeout',
    },
    {
      title: 'a refused media address',
      evidence: { httpStatus: 403, text: BAD_OPTION_TEXT },
      cause: 'url_expired',
    },
    { title: 'a gone media address', evidence: { httpStatus: 410 }, cause: 'url_expired' },
    { title: 'a server error', evidence: { httpStatus: 503 }, cause: 'http_error' },
    { title: 'a rate limit', evidence: { httpStatus: 429 }, cause: 'http_error' },
    {
      title: 'a reset seen by our reader',
      evidence: { errorCode: 'ECONNRESET', text: BAD_OPTION_TEXT },
      cause: 'network_disconnect',
    },
    {
      title: 'a socket error of undici',
      evidence: { errorCode: 'UND_ERR_SOCKET' },
      cause: 'network_disconnect',
    },
    {
      title: 'a body time-out of undici',
      evidence: { errorCode: 'UND_ERR_BODY_TIMEOUT' },
      cause: 'stream_timeout',
    },
    { title: 'a connect time-out', evidence: { errorCode: 'ETIMEDOUT' }, cause: 'stream_timeout' },
    {
      title: 'a name that is not resolved',
      evidence: { errorCode: 'ENOTFOUND' },
      cause: 'network_disconnect',
    },
    { title: 'an expired certificate', evidence: { errorCode: 'CERT_HAS_EXPIRED' }, cause: 'http_error' },
    {
      title: 'an end of transfer',
      evidence: { endOfStream: true, exitCode: 1, text: 'Invalid data found when processing input' },
      cause: 'network_disconnect',
    },
    { title: 'a kill from outside', evidence: { exitSignal: 'SIGKILL', text: RESET_TEXT }, cause: 'crashed' },
    { title: 'a kill that a shell reports as 137', evidence: { exitCode: 137 }, cause: 'crashed' },
  ])('$title', ({ evidence, cause }) => {
    expect(classify(evidence).cause).toBe(cause);
  });
});

describe('Text decides where facts leave room', () => {
  it.each<{ title: string; evidence: Evidence; cause: string }>([
    {
      title: 'a disk that filled up under a reader that then lost its consumer',
      evidence: { errorCode: 'EPIPE', exitCode: 1, text: STORAGE_TEXT },
      cause: 'storage_full',
    },
    {
      title: 'a crash that a decisive line explains',
      evidence: { exitSignal: 'SIGBUS', text: STORAGE_TEXT },
      cause: 'storage_full',
    },
    {
      title: 'a crash after a line that explains little',
      evidence: { exitSignal: 'SIGSEGV', text: 'av_interleaved_write_frame(): Invalid argument' },
      cause: 'crashed',
    },
    {
      title: 'a missing device does not explain a lost output',
      evidence: { deviceExists: false, role: 'output', text: RESET_TEXT },
      cause: 'network_disconnect',
    },
    {
      title: 'a refusal of the input address, printed by the tool',
      evidence: {
        role: 'input',
        exitCode: 1,
        text: 'https://a/b.m3u8: Server returned 403 Forbidden (access denied)',
      },
      cause: 'url_expired',
    },
    {
      title: 'the same refusal of an output',
      evidence: {
        role: 'output',
        exitCode: 1,
        text: 'rtmp://a/b: Server returned 403 Forbidden (access denied)',
      },
      cause: 'unauthorized',
    },
    {
      title: 'an argument the tool does not know',
      evidence: { exitCode: 1, text: BAD_OPTION_TEXT },
      cause: 'invalid_pipeline',
    },
    {
      title: 'a shell that did not find the program',
      evidence: { exitCode: 127 },
      cause: 'invalid_pipeline',
    },
    {
      title: 'an input that ended without a word',
      evidence: { exitCode: 0, role: 'input', text: 'frame=  100 fps= 25 speed=1x' },
      cause: 'network_disconnect',
    },
    {
      title: 'a signal that someone else sent',
      evidence: { exitCode: 255, text: 'Exiting normally, received signal 15.' },
      cause: 'crashed',
    },
    {
      title: 'an end with nothing but noise',
      evidence: { exitCode: 1, text: 'frame=  100 fps= 25 speed=1x' },
      cause: 'unknown',
    },
    {
      title: 'a hint at a setting, which damaged input prints too',
      evidence: { exitCode: 1, text: 'av_interleaved_write_frame(): Invalid argument' },
      cause: 'unknown',
    },
    {
      title: 'a device that fails without a reason, for which a retry is cheaper than giving up',
      evidence: { exitCode: 1, tool: 'v4l2', text: 'capturing image failed' },
      cause: 'unknown',
    },
    { title: 'no evidence at all', evidence: {}, cause: 'unknown' },
  ])('$title', ({ evidence, cause }) => {
    expect(classify(evidence).cause).toBe(cause);
  });
});
