import type { MediaCause } from '../../causes.js';
import { anyOf, STRENGTH, type Rule } from '../types.js';

/** Connections that end, and connections that stay open and say nothing. */
export const NETWORK_RULES: readonly Rule<MediaCause>[] = [
  {
    name: 'media server is gone',
    cause: 'network_disconnect',
    strength: STRENGTH.specific,
    pattern: anyOf(
      /rtmp.{0,60}(?:send|recv|write|read|packet).{0,40}(?:error|fail)|WriteN, RTMP send error|RTMP_(?:Connect|SendPacket|ReadPacket|Serve)\w{0,4}.{0,60}(?:fail|error|closed)|RTMP_Connect/,
      /handshake.{0,20}failed|failed to handshake|unexpected(?:ly)? (?:closed|disconnect)|server (?:has )?closed (?:the )?connection|closed by (?:the )?(?:peer|remote|server|other|foreign)|peer (?:has )?closed|remote (?:end|side|host).{0,20}closed/,
      /(?:connection|stream|session|socket) (?:was |is |has been |has )?(?:lost|closed|broken|dropped|interrupted|terminated|cut)|lost connection|disconnected from (?:the )?(?:server|host|remote|peer)|could not (?:send|write) (?:to|data to) (?:the )?(?:server|socket|client)/,
      /stream ends prematurely|premature end of|end of file.{0,40}(?:rtmp|https?|rtsp|srt|tcp):|unexpected (?:eof|end of file|end of stream)|incompleteread|incomplete read|content_?length.{0,40}mismatch/,
      /error (?:in|while) (?:the )?(?:push|pull) function|session has been invalidated|pushing data failed|pull function|the specified session has been/,
      /could ?n[o']t connect|failed to connect|cannot connect to (?!server (?:socket|request))|connect(?:ion)? (?:to .{1,120})?failed|connection (?:setup )?(?:failure|error|broken)|unable to connect|failed to open (?:tcp|udp|rtsp|rtmp) /,
      /srt_(?:connect|send\w{0,5}|recv\w{0,5}).{0,60}(?:error|fail)|SRT_?E(?:CONNLOST|CONNREJ|NOCONN|CONNFAIL|SCLOSED|CONNSOCK)|connection was broken|not connected to|has been closed|rejected by (?:the )?(?:peer|listener|server)|connection rejected/,
      /tls (?:fatal|alert|handshake)|ssl (?:handshake|routines|error)|ssl_(?:read|write|connect)|gnutls|could not establish tls|tls connection/,
      /name resolution|unable to resolve|could not resolve|failed to resolve|resolv.{0,20}(?:fail|error)/,
      /errored? out.{0,30}reconnect|reconnect(?:ing|ion)? (?:failed|attempts? exhausted)|gave up (?:re)?connect|too many (?:re)?connect/,
    ),
    unless: /jack|hdmi|cable|pulse|dbus|x server|display|timed? ?out|certificate|authenticat/i,
    why: 'Each tool has its own sentence for a socket that failed, reset or closed; the errno, where given, says the same.',
  },
  {
    name: 'server answered 5xx',
    cause: 'http_error',
    strength: STRENGTH.specific,
    pattern: anyOf(
      /server returned 5xx|http error 5\d\d|\b5\d\d (?:server error|internal server error|bad gateway|service unavailable|service temporarily unavailable|gateway time-?out)|(?:status|response|http|error)(?: code)?[\s:=]{1,3}5\d\d\b|internal server error|bad gateway|service unavailable|gateway time-?out/,
    ),
    why: 'A 5xx is the server in trouble, not us; it is worth another request.',
  },
  {
    name: 'network does not answer in time',
    cause: 'stream_timeout',
    strength: STRENGTH.specific,
    pattern: anyOf(
      /timed out|time-?out(?:ed)? (?:waiting|while|after|on|reached|occurred|expired|error)|(?:read|connect|connection|receive|recv|socket|request|session|operation|stream|segment|playlist|server|network|io|i\/o|open)\s?-?_?time-?out\b|timeout (?:from|in|:)|time out\b/,
      /no (?:data|packets?|response|frames?|samples?|buffers?|input) (?:was |were |been |has been )?(?:received|arriv\w{0,3}|coming|for|from|in|within|after)|(?:did not|didn't|does not|doesn't) (?:receive|respond|answer|send|deliver|get|produce) .{0,40}(?:data|packets?|time|within|seconds?|frames?|response|ms)|not receiving (?:any )?(?:data|packets|frames)|could not receive any udp packets/,
      /no more data|stalled|watchdog|freez(?:e|ing)|frozen|hung\b|hangs\b|not responding|no new segments?|select\(\)? ?time-?out|select timeout|poll timeout/,
      /SRT_?E(?:TIMEOUT|ASYNCRCV|ASYNCSND)|TimeoutError|ReadTimeout|ConnectTimeout/,
    ),
    unless: /^\s*(?:option|usage)|timeout[= ]\d{1,12}\b(?!.*(?:error|fail|exceed))|gateway time/i,
    why: 'Waiting that ran out is one situation, whatever was waited for.',
  },
];
