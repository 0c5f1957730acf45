import type { HttpCause } from '../../../causes.js';
import { anyOf, type Rule } from '../../types.js';
import { GUESS } from './guess-strength.js';

/** What is said of a thing that is not as it should be. */
const WRONG =
  /(?:in|not |un)valid|\bwrong|incorrect|\bbad\b|malformed|illegal|missing|\bempty\b|\bunknown|un(?:supported|recogni[sz]ed)|not (?:a )?(?:supported|recogni[sz]ed|accepted|allowed|known)|not valid|nicht (?:unterstützt|bekannt|erkannt)|no (?:soportad|compatible|válid|reconocid)|non (?:supporté|pris en charge|supportat|reconnu|valid)|не поддержив|サポートされて|无效|不正确|错误|不支持|invalide|incorrecte?|inconnue?|inválid[oa]|incorrect[oa]|desconocid[oa]|ungültig|unbekannt|falsch|неверн|недопустим|неизвестн|некорректн|無効|不正/;
const REFUSED =
  /expired|required|needed|\bfail\w{0,4}\b|denied|reject|revoked|verif(?:y|ication)|\bnot (?:set|provided|logged|signed)|abgelaufen|expirée?|caducad|истек|просроч|过期|過期|失效|期限切れ|失敗|失败/;

/** A thing and what is wrong with it, in either order, close together. */
function pair(thing: RegExp, wrong: RegExp): RegExp {
  return new RegExp(
    `(?:${thing.source})[^.;\n]{0,30}(?:${wrong.source})|(?:${wrong.source})[^.;\n]{0,24}(?:${thing.source})`,
    'i',
  );
}

/** Things that belong to one cause, for messages that name them and what is wrong with them. */
export const PAIR_RULES: readonly Rule<HttpCause>[] = [
  {
    name: 'too many redirects, in other words',
    cause: 'invalid_url',
    strength: GUESS,
    pattern: pair(
      /redirect(?:s|ed|ion|ions)?\b|重定向|リダイレクト|перенаправлен|weiterleitung/,
      /\btoo (?:many|deep|often)|\bloop|exceed|maximum|\blimit|endless|infinite|过多|次数|слишком много|zu viele/,
    ),
    why: 'A loop of redirects is a setting of the site.',
  },
  {
    name: 'something is wrong with the address',
    cause: 'invalid_url',
    strength: GUESS,
    pattern: pair(
      /\bur[il]s?\b|\bhyperlink|\b(?:web|feed) address\b|\b(?:url|uri) scheme|网址|链接地址|ссылк[аи]\b/,
      WRONG,
    ),
    unless: /certificate|\bssl\b|\btls\b|response|answer|json|xml|\bfeed (?:at|from)|content|data\b/i,
    why: 'The address is what the message is about.',
  },
  {
    name: 'something is wrong with the encoding',
    cause: 'unsupported_encoding',
    strength: GUESS,
    pattern: pair(
      /\b(?:en|de)coding\b|charset|character set|code ?page|\bcodec\b|compression|checksum|zeichensatz|kodierung|codierung|encodage|codificaci|кодировк|编码|編碼|文字コード|エンコード/,
      new RegExp(`${WRONG.source}|${REFUSED.source}`),
    ),
    unless: /json|xml|response body|chunk|video|audio|stream/i,
    why: 'The encoding is what the message is about.',
  },
  {
    name: 'something is wrong with credentials',
    cause: 'unauthorized',
    strength: GUESS,
    pattern: pair(
      /\bsession\b(?! id)|\bcookies?\b|log[ -]?in\b|\bsign[ -]?in\b|\bcredentials?\b|passw(?:or)?d|\bapi[ _-]?key|\b(?:access|auth\w{0,10}|refresh|bearer|user) ?token|\baccount\b|登录|登錄|会话|кук[иа]\b|сесси|sitzung|anmeldung/,
      new RegExp(`${WRONG.source}|${REFUSED.source}`),
    ),
    unless:
      /\b(?:ssl|tls|ssh|proxy)\b.{0,20}session|session (?:closed|reset|ended)|unexpected token|handshake/i,
    why: 'Sessions, cookies and keys are what the other side knows us by.',
  },
  {
    name: 'not logged in',
    cause: 'unauthorized',
    strength: GUESS,
    pattern: anyOf(
      /\bnot (?:logged|signed)[ -]?(?:in|on)\b|login ?(?:failure|required|error)|logged out|未登录|请(?:先)?登录|ログインして|nicht (?:angemeldet|eingeloggt)|no ha iniciado|pas connecté|не авторизован/,
    ),
    why: 'Whoever is not logged in is told so.',
  },
  {
    name: 'something is wrong with the host name',
    cause: 'dns_not_found',
    strength: GUESS,
    pattern: pair(
      /\bhost ?names?\b|\bdomain(?: name)?\b|\bdns\b|name ?server|域名|доменн/,
      /not (?:be )?(?:found|resolved|known|exist)|\bunknown|resolv|does(?:n't| not) exist|\bfail\w{0,4}\b|\berror|不存在|не найден/,
    ),
    unless: /certificate|altname|mismatch|match|ssl|tls|error ?domain/i,
    why: 'A name that nobody knows, in words of a program’s own.',
  },
];
