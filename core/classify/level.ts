import type { Level } from './types.js';

/** The words of one level, as they are joined in a pattern, and the letter that stands for it. */
interface LevelWords {
  readonly words: string;
  readonly letters: string;
}

const ERROR: LevelWords = {
  words: 'error|err|fatal|ftl|panic|critical|crit|crt|alert|alr|emerg|emg',
  letters: 'e|f',
};
const WARNING: LevelWords = { words: 'warning|warn|wrn|war', letters: 'w' };
const REMARK: LevelWords = {
  words: 'info|inf|notice|ntc|verbose|debug|dbg|trace|trc|fixme',
  letters: 'i|v|d|t|n|m',
};

/** Times, dates and names of threads, as they stand before a level. */
const BEFORE = String.raw`(?:[\d/.:,TZ+-]{4,40} {1,4}|\[[^\]]{4,60}\][: ] ?){1,3}`;

/** Every other way: words before a colon or behind a time, and the letters of mpv, Android, glog and PulseAudio. */
function otherwise({ words, letters }: LevelWords): readonly RegExp[] {
  const capitals = words.toUpperCase();
  const initials = letters.toUpperCase();
  return [
    new RegExp(String.raw`^(?:.{0,60}[\s\]])?\[(?:${letters})\](?:\[|\s)`, 'i'),
    new RegExp(String.raw`^(?:.{0,100}[^\w'"./-])?(?:${capitals})\s{0,8}(?:: |[[|(]|- )`),
    new RegExp(String.raw`^.{0,100}[\]:-] (?:${capitals}) `),
    new RegExp(String.raw`^(?:${BEFORE})?(?:${words}): `, 'i'),
    new RegExp(String.raw`^\[(?:0x)?[\da-f]{6,16}\] [\w ]{3,40} (?:${words}): `),
    new RegExp(String.raw`^${BEFORE}(?:${capitals}|[${initials.replaceAll('|', '')}]) `),
    new RegExp(String.raw`^(?:${initials})(?:/[\w.-]{1,40}|: \[|\d{4} \d\d:| \d\d:\d\d:\d\d)`),
    new RegExp(String.raw`^(?:[\d-]{5} )?[\d:.]{12} .{0,40}\b(?:${initials})/[\w.-]{1,40}:`),
    new RegExp(String.raw`\blevel"?[=:] ?"?(?:${words})\b`),
  ];
}

/** Gravest first: a wrapper may pass on as a remark what its child has marked as an error. */
const LEVELS: readonly (readonly [Level, LevelWords])[] = [
  ['error', ERROR],
  ['warning', WARNING],
  ['remark', REMARK],
];
/** Words in brackets, as most loggers and ffmpeg print them: the first is that of the program that speaks. */
const IN_BRACKETS = new RegExp(
  String.raw`^.{0,120}?\[ ?(?:${LEVELS.map(([, { words }]) => `(${words})`).join('|')}) ?(?:\]|:\d)`,
  'i',
);
const OTHER_MARKS = LEVELS.map(([level, words]) => [level, otherwise(words)] as const);
/** libsrt tells what it is doing; what it warns of is often the reason of the error that the tool prints after it. */
const SRT_REMARK = /^[\d:.]{8,20}\/[\w:-]{1,40}[ !*.]{1,2}[DN]:SRT/;

/** GStreamer traces as warnings what it has tried and got over, and the messages of its errors. */
const GSTREAMER_TRACE = /^\d+:\d\d:\d\d\.\d+ +\d+ +0x[\da-f]+ (?:WARN|FIX\w{2}|INFO|DEBUG|LOG)\b/;
/** What the server answered is no remark, whatever ffmpeg marks it as. */
const ANSWER_OF_SERVER = /\bHTTP error \d{3}\b/i;
/** Nor is what another program has printed, or the reason for which a server has closed a connection. */
const PASSED_ON = /\bstderr\b|\bclosed ?[:(] ?\w|\bffmpeg(?:_\w{1,20})? (?:output|error|exited)/i;

/** GStreamer prints one message as a block, and marks the first line of it in the language of the system. */
const BLOCK_OF_ERROR =
  /^(?:ERROR|ERRO|FEHLER|ERREUR|ERRORE|ОШИБКА|ПОМИЛКА|BŁĄD|FOUT|FEL|FEJL|HATA|错误|錯誤|エラー) ?[:：] ?\S{1,12}.{0,20}\/Gst/;
const BLOCK_OF_WARNING =
  /^(?:WARNING|WARNUNG|ATTENTION|AVERTISSEMENT|ADVERTENCIA|AVISO|AVVISO|ATTENZIONE|ВНИМАНИЕ|ПРЕДУПРЕЖДЕНИЕ|OSTRZEŻENIE|警告) ?[:：] ?\S{1,12}.{0,20}\/Gst/;
const LINES_OF_BLOCK = 3;

/** Someone asked the program to end: what it prints from then on is how it ends. */
const STOP_ASKED =
  /^\^C|\b(?:stopping|stopped|interrupted|terminated|quitting|exiting) (?:by|on|due to) (?:a )?(?:SIG(?:INT|TERM)|signal:? (?:2\b|15\b|interrupt|terminated)|ctrl|the user|user)|caught (?:a )?(?:signal:? (?:2|15)\b|SIG(?:INT|TERM)|interrupt)|(?:received|got) (?:signal:? (?:2|15)\b|SIG(?:INT|TERM))|handling interrupt|immediate exit requested|aborted by signal|^keyboard ?interrupt|ctrl[ -]?\+?c (?:pressed|received|detected)/i;

function levelOf(line: string): Level {
  if (BLOCK_OF_ERROR.test(line)) {
    return 'error';
  }
  if (BLOCK_OF_WARNING.test(line)) {
    return 'warning';
  }
  if (GSTREAMER_TRACE.test(line)) {
    return /error: /i.test(line) ? 'error' : 'remark';
  }
  const bracket =
    IN_BRACKETS.exec(line)
      ?.slice(1)
      .findIndex((word) => word !== undefined) ?? -1;
  const [level] = LEVELS[bracket] ??
    OTHER_MARKS.find(([, marks]) => marks.some((mark) => mark.test(line))) ?? [
      SRT_REMARK.test(line) ? 'remark' : 'unmarked',
    ];
  return (level !== 'error' && ANSWER_OF_SERVER.test(line)) || (level === 'remark' && PASSED_ON.test(line))
    ? 'unmarked'
    : level;
}

/** The level of each line of a text. */
export function levelsOf(lines: readonly string[]): Level[] {
  const levels = lines.map(levelOf);
  for (const [index, line] of lines.entries()) {
    if (BLOCK_OF_ERROR.test(line) || BLOCK_OF_WARNING.test(line)) {
      const rest = levels.slice(index + 1, index + 1 + LINES_OF_BLOCK);
      const end = rest.findIndex((level) => level !== 'unmarked');
      levels.fill(levels[index] ?? 'unmarked', index + 1, index + 1 + (end === -1 ? rest.length : end));
    }
  }
  const stop = lines.findIndex((line) => STOP_ASKED.test(line));
  return stop === -1 ? levels : levels.map((level, index) => (index > stop ? 'remark' : level));
}
