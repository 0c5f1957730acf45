import { httpCause, type HttpCause } from '../../causes.js';
import { errnoOfCode, errnoOfNumber, errnosIn } from '../errno.js';
import { shorten } from '../lines.js';
import { strongestMatch } from '../match.js';
import { withoutAddresses } from '../names.js';
import { STRENGTH, type Disposition, type LineFacts } from '../types.js';
import { causeOfCurlCode } from './curl.js';
import { flattenHttpError, type HttpErrorFacts } from './flatten.js';
import { causeOfGrpcStatus } from './grpc.js';
import { causeOfPlatformCode } from './platform-codes.js';
import { HTTP_RULES } from './rules/index.js';
import { causeOfStatus, statusesIn } from './status.js';

/** The verdict over the error of an HTTP fetch or event stream. */
export interface HttpClassification {
  readonly cause: HttpCause;
  readonly disposition: Disposition;
  /** The decisive message, at most 300 characters. */
  readonly detail: string;
  /** Name of the fact or rule that decided. */
  readonly rule: string;
}

function dispositionOfCause(cause: HttpCause): Disposition {
  return httpCause(cause).class === 'transient' ? 'transient' : 'fatal';
}

function judged(
  verdict: { cause: HttpCause; disposition?: Disposition },
  detail: string,
  rule: string,
): HttpClassification {
  return {
    cause: verdict.cause,
    disposition: verdict.disposition ?? dispositionOfCause(verdict.cause),
    detail: shorten(detail),
    rule,
  };
}

/** Lines of one message that are read on their own. */
const MAX_LINES = 40;
/** What a log marks as a remark explains nothing beside lines that it does not. */
const REMARK =
  /^.{0,80}(?:\[(?:info|debug|trace|verbose)\]|\b(?:INFO|DEBUG|TRACE)\b|\blevel=(?:info|debug)\b)/;

/** urllib3 writes the path apart from its host. */
const PATH_ALONE = /(with url: )[/?#][^\s'"<>)\]]{0,2000}/gi;

function withoutNames(text: string): string {
  return withoutAddresses(text).replace(PATH_ALONE, '$1/').replace(TLS_OF_ADDRESS, '');
}

/** The lines of a message, the first first, and the message as one line: sentences are broken anywhere. */
function linesAndWhole(message: string): string[] {
  const written = message.split(/\s*\n\s*/).filter((line) => line !== '');
  const complaints = written.filter((line) => !REMARK.test(line));
  const lines = complaints.length === 0 ? written : complaints;
  return lines.length < 2 ? lines : [...lines.slice(0, MAX_LINES), lines.join(' ')];
}

/** aiohttp tells how it would have spoken TLS in whatever it says of a connection. */
const TLS_OF_ADDRESS = /\bssl:(?:default|true|false|none|<[^>]{0,80}>)/gi;

/** Codes of programming interfaces are words joined: `login_required`. */
const SNAKE_CASE = /^[a-z]{2,20}(?:_[a-z]{2,20}){1,5}$/;

/** Erlang and Elixir write the names of system errors small. */
const ATOMS = /\be(?:conn|timed|host|net|pipe|addr)[a-z]{0,12}\b/g;

/** Messages, names and codes as lines for the rules; numbers of system errors become their names. */
function factsOf(facts: HttpErrorFacts): LineFacts[] {
  // Systems number their errors differently, but name them alike.
  const isNamed = facts.codes.some((code) => errnoOfCode(code) !== null);
  const numbered = isNamed ? [] : facts.errnos.flatMap((number) => errnoOfNumber(number) ?? []);
  const texts = [...facts.messages, ...facts.headlines].flatMap(linesAndWhole);
  const coded = [...facts.codes, ...facts.names, ...facts.messages].filter((text) => SNAKE_CASE.test(text));
  const words = [
    ...facts.codes,
    ...facts.names,
    ...numbered,
    ...coded.map((code) => code.replaceAll('_', ' ')),
  ];
  return [
    ...texts.map((text) => ({ line: withoutNames(text), shown: text })),
    ...words.map((word) => ({ line: word, shown: word })),
  ].map((told) => ({
    ...told,
    level: 'unmarked',
    subject: 'network',
    errnos: errnosIn(told.line.replace(ATOMS, (atom) => atom.toUpperCase())),
  }));
}

function byStatus(facts: HttpErrorFacts): HttpClassification | null {
  const statuses = [...facts.statuses, ...facts.messages.flatMap(statusesIn)];
  for (const status of statuses) {
    const verdict = causeOfStatus(status);
    if (verdict !== null && status !== 204) {
      return judged(verdict, facts.messages[0] ?? `HTTP ${status}`, `HTTP status ${status}`);
    }
  }
  return null;
}

/** The code of curl or of a gRPC call, for messages that say nothing else. */
function byProtocolCode(facts: HttpErrorFacts): HttpClassification | null {
  for (const message of [...facts.messages, ...facts.headlines]) {
    const curl = causeOfCurlCode(message);
    if (curl !== null) {
      return judged(curl, message, 'curl code');
    }
    const grpc = causeOfGrpcStatus(message);
    if (grpc !== null) {
      return judged(grpc, message, 'gRPC status');
    }
  }
  return null;
}

/** The number or name in which Apple, Microsoft, Qt or wget tells the reason. */
function byPlatformCode(facts: HttpErrorFacts): HttpClassification | null {
  for (const message of [...facts.messages, ...facts.headlines, ...facts.names]) {
    const verdict = causeOfPlatformCode(message);
    if (verdict !== null) {
      return judged(verdict, message, 'code of a platform');
    }
  }
  return null;
}

/** Reads the cause out of any error value: bot protection and the like first, then the status, then texts and codes. Never throws. */
export function classifyHttp(error: unknown): HttpClassification {
  const facts = flattenHttpError(error);
  const match = strongestMatch(factsOf(facts), HTTP_RULES);
  const status = byStatus(facts);
  if (match !== null && match.rule.strength >= STRENGTH.decisive) {
    return judged(match.rule, match.facts.shown, match.rule.name);
  }
  if (status !== null) {
    return status;
  }
  const platform = byPlatformCode(facts);
  if (platform !== null && (match === null || match.rule.strength < STRENGTH.specific)) {
    return platform;
  }
  const coded = byProtocolCode(facts);
  if (match !== null && (coded === null || match.rule.strength >= STRENGTH.weak)) {
    return judged(match.rule, match.facts.shown, match.rule.name);
  }
  if (coded !== null) {
    return coded;
  }
  return judged({ cause: 'other' }, facts.messages[0] ?? facts.names[0] ?? '', 'nothing known');
}
