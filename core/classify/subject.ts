import { FILE_PATH } from './names.js';
import { anyOf, type Subject } from './types.js';

const ENCODER = anyOf(
  /nvenc|nvv4l2\w{0,10}enc|nvcodec|nvidia-smi|\bcuda\b|\bcuvid|\bcu(?:Init|Ctx|Device)\w{0,30}/,
  /\bqsv\b|_qsv|\bmfx|libmfx|vaapi|\blibva\b|vainitialize|\/dev\/dri|\bvah264|v4l2m2m/,
  /v4l2h26[45]enc|v4l2-nvenc/,
  /_omx\b|\bomx|openmax|bcm_host|mmal.{0,20}encod|videotoolbox|\bamf\b|_amf\b|rkmpp|mpp_|mpph26/,
  /_mf\b|mediacodec/,
  /x26[45]enc|libx26[45]|\[libx|svt-?av1|libaom|libvpx|vp[89]enc|avenc_|openh264|fdk-?aac/,
  /\w{2,12}enc\d/,
  /encoder|encodeur|codificador|кодировщик|кодер|编码器|エンコーダ/,
);
const SOUND = anyOf(
  /\balsa|alsasrc|alsasink|snd_|\b(?:plug|sys)?hw:|\bpcm|\barecord|\baplay|pulse|\bjack\b|jackd/,
  /pipewire|dsnoop|\bdmix|portaudio/,
  /audio (?:device|open|input|capture)|sound ?card|soundcard|\/dev\/(?:snd|dsp|audio)|microphone/,
  /overrun!!!|underrun!!!|xrun/,
);
const CAMERA = anyOf(
  /\/dev\/(?:video|media|v4l|vdin|vbi|subdev)|\bv4l2?\b|v4l2src|v4l2-ctl|video4linux|vidioc/,
  /videodev|\bcamera|webcam|\buvc|libcamera|libv4l/,
  /\bdshow|directshow|decklink|avfoundation|gdigrab|x11grab|kmsgrab|fbdev|firewire|\bdv1394|ksvideo/,
  /mfvideo|nvargus|argus|\bmmal|\bvc\.ril|picamera|raspivid|ustreamer|\bCAP: /,
  /capture (?:device|card)|video (?:device|capture)|hdmi|tuner|\busb\b|stream ?on\b|streamon|qbuf/,
  /reqbufs/,
);
const NETWORK = anyOf(
  /\b(?:rtmp[a-z]{0,3}|rtsps?|https?|srts?|tcp|udp|rtp|rtcp|hls|mms[ht]?|icecast|ftp|rist|ndi|whip|tls|ssl):/,
  /\brtmp|\brtsp|\bsrt|\[(?:tcp|udp|tls|http|https|hls|rtp|icecast)\b|librtmp|socket|\bconnect/,
  /\bpeer\b|\bhost\b|hostname|\bport\b|\bserver\b|\bhttp\b|souphttp|network/,
  /\b\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}\b|tcpclient|tcpserver|udpsrc|udpsink|rtpbin/,
  /\w{3,12}(?:http|rtsp|rtmp|srt|udp|tcp)src|rtspsrc|gst(?:rtmp|rtsp|srt|tcp|udp|soup|hls|rtp|shout|webrtc|rist)|dns|getaddrinfo|shout2send|segment \d+/,
  /playlist|netcam/,
);
const STORAGE = anyOf(
  /filesink|splitmuxsink|multifilesink|\bmux(?:er|ing)?\b|trailer|\bdisk|storage|partition/,
  /filesystem|file system|recordings? (?:path|folder|file|directory)/,
  FILE_PATH,
  /\.(?:mp4|mkv|ts|flv|mov|avi|webm|m4s|m4a|mp3|wav|part|m3u8|jpe?g|png|yuv|mpg|h264|aac|ogg|log)\b/,
  /av_interleaved_write_frame|unable to (?:write|open .{1,80}for writing)|writing/,
  /write (?:to|error|failed)|output (?:file|path|directory|folder)/,
);

const ORDER: readonly (readonly [Subject, RegExp])[] = [
  ['encoder', ENCODER],
  ['sound', SOUND],
  ['camera', CAMERA],
  ['network', NETWORK],
  ['storage', STORAGE],
];

/** The first subject, in the order of how telling its words are, that a line names. */
function namedSubject(text: string): Subject | null {
  return ORDER.find(([, pattern]) => pattern.test(text))?.[0] ?? null;
}

const SUBJECT_OF_TOOL: Readonly<Record<string, Subject>> = {
  v4l2: 'camera',
  alsa: 'sound',
  srt: 'network',
  streamlink: 'network',
  'yt-dlp': 'network',
};

const SUBJECT_OF_ROLE: Readonly<Record<string, Subject>> = {
  encoder: 'encoder',
  storage: 'storage',
};

/** What a whole text is about, used for lines that do not say it themselves. */
export function subjectOfText(text: string, tool: string | undefined, role: string | undefined): Subject {
  return SUBJECT_OF_ROLE[role ?? ''] ?? SUBJECT_OF_TOOL[tool ?? ''] ?? namedSubject(text) ?? 'none';
}

/** What one line is about. */
export function subjectOfLine(line: string, fallback: Subject): Subject {
  return namedSubject(line) ?? fallback;
}
