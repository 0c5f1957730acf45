import { withoutOvercome } from '../recovery.js';
import { anyOf, type TextLine } from '../types.js';

/** Lines that end no run, by the kind of program that prints them. */
const BENIGN_GROUPS: readonly RegExp[] = [
  anyOf(
    /^frame=\s{0,8}\d|^size=\s{0,8}\S+ time=|\bspeed=\s{0,4}[\d.]+x|^press \[q\]/,
    /^last message repeated|last message repeated \d|^(?:input|output) #\d|^\s{0,4}stream #\d/,
    /stream mapping:/,
    /^\s{0,4}(?:duration|metadata|encoder|major_brand|minor_version|compatible_brands|creation_time)\s{0,16}:/,
    /^ffmpeg version|^\s{0,4}(?:built with|configuration:)/,
    /^\s{0,4}lib(?:avutil|avcodec|avformat|avdevice|avfilter|swscale|swresample|postproc)\s/,
    /deprecated pixel format used|past duration .{0,30}too large/,
    /non-?monoton(?:ous|ically|ic)(?! increasing dts to muxer)|timestamps? (?:are|is) unset/,
    /is deprecated|deprecated,? (?:use|please)|using AVStream\.codec|invalid dts|invalid pts/,
    /dts discontinuity|dts .{0,40}(?:out of order|next:)|pts has no value|pes packet size mismatch/,
    /packet corrupt|continuity (?:check|counter)|corrupt (?:input|decoded) (?:packet|frame)/,
    /queue input is backward in time|vbv underflow/,
    /error while decoding|concealing \d|non-existing [ps]ps|decode_slice_header|no frame!/,
    /missing picture in access unit|missed \d+ packets|max delay reached|bad cseq|rtp: pt=/,
    /reference .{0,20}missing|mmco:|number of reference frames|co located pocs|left block unavailable/,
    /top block unavailable|cabac|error submitting packet to decoder/,
    /error at mb|ac-tex damaged|header damaged/,
    /corrupt jpeg data|extraneous bytes before marker|premature end of jpeg|captured \d* ?frames? in/,
    /uvcioc_ctrl_\w+|unable to query that the|packet too small|aborted by signal|interrupted system call|uvcvideo: failed to query/,
    /VIDIOC_G_(?:PARM|STD|CROP|JPEGCOMP).{0,40}(?:inappropriate|invalid)|get standard failed|error getting pixformat/,
    /set mute failed|query control failed|immediate exit requested|packed (?:\w+ )?headers|global header will be|media sequence changed|expired from playlists|retrying (?:with|using) (?:a )?(?:tcp|udp|new)/,
    /could not find codec parameters|number of (?:lagged|skipped|dropped) frames|total (?:frames|drawn)/,
    /audio buffering|video stopped, number|before end element found|please, try the plug plugin|starting second pass|overread|invalid nal unit size|channel element \d|first frame is no keyframe/,
    /could not find ref with poc|skipping (?:invalid|unsupported|segment)|data partitioning|sei type/,
    /skipped? \d+ (?:bytes|frames)/,
    /(?:failed to rename|rename failed)|non file protocol|address family not supported|SRT\.e[ai]:/,
    /failed to update header|keepalive request failed|skip \('#ext/,
    /will reconnect at \d|opening '.{1,400}' for (?:reading|writing)|not enough frames to estimate rate/,
    /guessed channel layout|estimating duration|time per frame unknown|changed the time per frame/,
    /thread message queue blocking|exiting normally|consider increasing the (?:probesize|value)/,
    /analyzeduration|cur_dts is invalid|frame rate very high|changing video frame properties/,
    /skipping \d+ segments? ahead|multiple frames in a packet|auto-inserting/,
    /incomplete (?:cseq|frame)|more samples than frame size|dropping old packet/,
    /timestamp discontinuity|could not update timestamps|bitrate .{0,30}(?:low|high)/,
    /application provided duration|failed to delete old segment|contains corrupted data/,
    /_v4l2m2m @ .{0,60}failed to [gs]et [\w ]{2,40}: |replacing (?:them|it)\b|, (?:using .{1,60} instead|chang(?:e|ing) to)\b/,
  ),
  anyOf(
    /os_same_file_description|bad things may happen/,
    /a lot of buffers are being dropped|timestamping problem|this computer is too slow/,
    /setting pipeline to|pipeline is (?:live|preroll|prerolling)|new clock|redistribute latency/,
    /gstreamer-critical|\b(?:glib|gobject|gtk|gdk|pango)[\w-]{0,12}-(?:critical|warning)\b|gst_\w{3,60}: assertion|freeing pipeline/,
    /execution ended after|got eos from element|eos received|failed to load plugin/,
    /external plugin loader failed|could not (?:connect|register) .{0,30}(?:dbus|accessib)/,
    /progress: \(|got context from element|prerolled|prerolling|caught interrupt|handling interrupt/,
    /buffering, |missing free_function/,
    /unknown pcm cards\.pcm|jack server is not running|jackshm/,
    /cannot connect to server (?:socket|request)|bt_audio_service_open/,
    /unable to open slave|unable to find definition 'cards|pcm_(?:oss|a52|usb_stream)\.c|can't open \/dev\/dsp|jack_client/,
    /connect\(2\) call to|xdg_runtime_dir|\bd-?bus\b|rtkit|thread realtime|dconf|gtk-(?:warning|message)|canberra/,
    /mesa-loader.{0,40}(?:retry|fallback)|pulseaudio.{0,20}autospawn/,
    /^opening in blocking mode|^nvmmlite\w{4,20} : block|^=+ \w{4,20}: \w{3,10} =+$|^-+> \w{4,20}: |^h26[45]: profile ?=/,
  ),
  anyOf(
    /^\[(?:download|info|youtube|generic|hlsnative|merger|debug|cli|stream\.\w+|plugins?\.\S+)\]\[?(?:info|debug|\s).{0,30}(?:downloading|destination|opening|found|starting|extracting|available|writing|resuming|url|pre-?buffering)/,
    /^\[download\]|^\[debug\]/,
    /^warning: .{0,200}(?:nsig|falling back|fallback|retrying|unable to download (?:thumbnail|subtitles)|update|obsolete|deprecated)/,
    /retrying \(?(?:attempt )?\d+[ /]|retrying in|will retry|attempting to reconnect/,
    /trying to reconnect|reconnecting|automatic(?:ally)? reconnect|skipping fragment/,
    /fragment not found; skipping|discontinuity/,
    /falling back to|fallback to|using software|will be ignored|ignoring|ignored\b|has no effect/,
    /unable enumerate|cannot get (?:a )?(?:description|frame interval)/,
    /desynchroni[sz]ation detected|using (?:the )?(?:standard|default) behaviou?r|^\[(?:dshow|avfoundation)[^\]]{0,60}\] (?: ?"|\[\d+\] |(?:avfoundation|directshow) (?:audio|video) devices)/,
  ),
];

/** Words of advice: harmless in a remark, and no less often the end of an error. */
const ADVICE =
  /you may want to|recommended|harmless|underestimat|may (?:lead to|result in)|for compatibility with|please fix/i;
const SAYS_ERROR = /^(?:ERROR|error): /;

/** Words that make a line worth reading although a benign pattern matches. */
const STILL_DECISIVE = anyOf(
  /reconnect\w{0,5} failed|no space left|read-only file system|permission denied|fatal|aborting|giving up|gave up/,
  /conversion failed|max(?:imum)? (?:retries|attempts)|exceeded|\((?:attempt )?(\d{1,3})(?:\/| of )\1\)/,
);

/** A decoder at work on one of the codecs that live streams carry. */
const DECODER_TAG =
  /\[(?:h26[34]|hevc|vvc|av1|libdav1d|mpeg[124]\w{0,8}|mjpeg|vp[89]|aac\w{0,8}|ac3|eac3|mp[23]\w{0,8}|opus|vorbis|flac|pcm_\w{2,12}|png|webp|NULL)\s?@/;
const NOT_ABOUT_DATA =
  /hwaccel|vaapi|cuda|device|memory|unsupported|not supported|encod|experimental|option/i;

/** True for damage a decoder reports and goes on after. */
function isDecoderComplaint(line: string): boolean {
  return DECODER_TAG.test(line) && !NOT_ABOUT_DATA.test(line);
}

/** What a stage says of the pipe it reads from, when the stage before it gave it nothing: that one knows why. */
const EMPTY_PIPE = /^(?:\[\w{2,10}\] )?pipe:0?: (?:could not find codec parameters|invalid data found)/i;

/** libva tries one driver after another, and says when one of them works. */
const TRIES_DRIVER = /\blibva\b/i;
const DRIVER_WORKS = /va_openDriver\(\) returns 0/;

/** True for a line that tools print while all is well or about what they have already got over. */
function isBenign(line: string): boolean {
  const isKnown =
    isDecoderComplaint(line) ||
    BENIGN_GROUPS.some((pattern) => pattern.test(line)) ||
    (ADVICE.test(line) && !SAYS_ERROR.test(line));
  return EMPTY_PIPE.test(line) || (isKnown && !STILL_DECISIVE.test(line));
}

/** The lines that may say why a run ended. */
export function tellingLines(lines: readonly TextLine[]): TextLine[] {
  const works = lines.findLastIndex(({ line }) => DRIVER_WORKS.test(line));
  return withoutOvercome(lines, isBenign).filter(
    ({ line }, index) => !isBenign(line) && !(index <= works && TRIES_DRIVER.test(line)),
  );
}
