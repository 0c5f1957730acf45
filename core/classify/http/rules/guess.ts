import type { HttpCause } from '../../../causes.js';
import { anyOf, type Rule } from '../../types.js';
import { GUESS } from './guess-strength.js';

/** Single words that belong to one situation, for messages in words of a program's own. The more telling come first. */
export const GUESS_RULES: readonly Rule<HttpCause>[] = [
  {
    name: 'words of a timeout',
    cause: 'timeout',
    strength: GUESS,
    pattern: anyOf(
      /\btime[ -]?limit|\btime (?:is |was )?(?:up|over|expired|elapsed)\b|execution expired|seconds elapsed|elapsed before|(?<!<)no (?:response|reply|answer|data|activity|(?:events?|messages?|bytes|packets?|updates?) (?:were |was )?received)\b|requête a expiré|solicitud ha (?:caducado|expirado)/,
      /\bdeadline\b|watchdog|stalled|gave up waiting|never (?:responded|answered|replied)|(?:response|connection|connect|request|read|idle)timeout\b/,
    ),
    why: 'Waiting that came to an end.',
  },
  {
    name: 'words of a limit on requests',
    cause: 'rate_limited',
    strength: GUESS,
    pattern: anyOf(
      /rate (?:has been )?exceeded|\bquota\b|too (?:fast|often|frequent\w*|many (?:attempts|calls|queries|tries))|frequen\w+ (?:limit|request)|flood ?(?:wait|control)|\bcooldown\b/,
      /please wait .{0,40}(?:minute|second|hour|before)|wait of \d+ seconds|retry after \d|(?:requests?|calls|queries).{0,20}(?:limit|per (?:sec|min|hour|day))/,
      /频繁|頻繁|频率|次数过多|请求.{0,6}过多|数が多すぎ|過於頻繁|稍[后後]再[试試]|アクセスが集中|しばらく(?:して|お待ち)|요청이 너무|слишком часто|zu oft|demasiad\w+ (?:peticion|intento)/,
    ),
    unless: /time-?out|timed out|服务器|服务繁忙|系统繁忙/i,
    why: 'Being too fast is told in these words.',
  },
  {
    name: 'words of a login',
    cause: 'unauthorized',
    strength: GUESS,
    pattern: anyOf(
      /\b(?:log|sign)(?:ged)?[ -]?in\b.{0,40}(?:to|required|first|again|need|fail|error|page|confirm|if you)|(?:must|need|have to|please|required to) (?:be )?(?:log|sign)(?:ged)?[ -]?(?:in|on)\b/,
      /credential|passw(?:or)?d|\bcookies?\b.{0,40}(?:expired|invalid|missing|required|need|use|set|provide)|(?:use|pass|provide|update|refresh|missing|invalid).{0,20}\bcookies?\b/,
      /authenticat|\bauth(?:ori[sz]ation)?\b.{0,20}(?:fail|error|invalid|missing|required|denied)|(?:auth|access|session|csrf|refresh) ?tokens?\b|\btoken\b.{0,20}(?:missing|empty|wrong|null|not)/,
      /members?[ -]only|registered users|subscri(?:bers?|ption) (?:only|required)|private (?:video|stream|account|room|feed)|premium (?:users|members|only|account)|paywall|purchase/,
      /credit balance|billing|payment required|account (?:is )?(?:locked|suspended|disabled|deactivated)|InvalidAccessKey|SignatureDoesNotMatch|not entitled/,
      /登录|登錄|登入|鉴权|未授权|认证失败|密码|ログイン|認証|로그인|인증|авториз|парол|войдите|anmeld|angemeldet|vous connecter|einloggen|identifi(?:ez|er)|connectez-vous|mot de passe|iniciar sesión|contraseña/,
    ),
    unless: /unexpected token|tls|ssl|certificate|unrecognized token|login page html/i,
    why: 'Who must log in, pay or be a member is told so.',
  },
  {
    name: 'words of a refusal',
    cause: 'blocked',
    strength: GUESS,
    pattern: anyOf(
      /\bbanned\b|\bforbidden\b|\bblocked\b|\bblacklist|\bblocklist|\bgeo\b|georestrict|(?:your|this|certain|some|these|current) (?:\w{2,12} )?(?:regions?|countr(?:y|ies)|territor(?:y|ies)|locations?)\b|unusual (?:activity|traffic)/,
      /restricted|\bdenied\b|\bflagged\b|not (?:allowed|permitted) to (?:access|view)|integrity check|anti-?(?:bot|crawl|scrap|spider)/,
      /风控|反爬|验证码|驗證碼|封禁|被封|屏蔽|拦截|禁止|拒绝访问|访问被拒|地区|地區|区域限制|存在しない地域|お住まいの地域|アクセスできません|차단|заблокирован|запрещ|gesperrt|zugriff verweigert|accès (?:refusé|interdit)|acceso denegado|acesso negado|accesso negato|bloqué|interdit|bloqueado|prohibido/,
    ),
    unless: /aws-region|region:|availability zone|main thread|\brefused\b/i,
    why: 'Who is kept out, by place, address or behaviour, is told so.',
  },
  {
    name: 'words of something that is not there',
    cause: 'not_found',
    strength: GUESS,
    pattern: anyOf(
      /\bnot ?found\b|could(?:n't| not) (?:be found|find)|can(?:'t|not) (?:be found|find)|no such (?:page|user|channel|feed|resource|video|article|object|key|bucket|document|site|account|stream|room)/,
      /no longer (?:available|exists|active|accessible)|(?:has|was|been|is) (?:been )?(?:removed|deleted|retired|discontinued|taken down|terminated|suspended)|does(?:n't| not) exist|(?:video|page|content|article) (?:is )?(?:unavailable|not available)/,
      /不存在|未找到|找不到|已删除|已刪除|被删除|見つかりません|存在しません|찾을 수 없|не найден|не существует|удал[её]н|nicht gefunden|existiert nicht|introuvable|n'existe pas|no encontrad|no existe|não encontrad|non trovat/,
    ),
    unless:
      /feed could|\b(?:xml|json|element|tag|selector|host|dns|name|domain|module|encoding|command)\b|\bopen\b.{0,40}(?:file|stream: h)|limit=0/i,
    why: 'Pages, people and videos that were removed are told of in these words.',
  },
  {
    name: 'words of an overloaded server',
    cause: 'server_error',
    strength: GUESS,
    pattern: anyOf(
      /(?<![\w.])(?:server|service|site|web ?site|backend|api|database|model|engine)s?\b[^.:]{0,40}\b(?:\bbusy\b|\bdown\b|unavailable|not available|overload|error|exception|not ready|starting up|capacity|problem|trouble|unable to (?:handle|process|complete))/,
      /backend (?:fetch|read|write)|no (?:available|healthy) (?:server|backend|upstream)|error establishing a database|technical (?:difficult|problem|issue)|experiencing (?:issues|problems|high)|at capacity|high (?:load|demand|traffic)|temporary (?:error|problem|failure|issue)/,
      /(?:服务|伺服|服務)[器端]?.{0,10}(?:繁忙|错误|錯誤|异常|不可用|忙)|系统(?:繁忙|错误|异常)|サーバー?.{0,10}(?:エラー|混雑|ビジー)|メンテナンス|서버.{0,10}(?:오류|점검)|ошибка сервера|сервер.{0,20}(?:недоступ|перегруж)|serverfehler|erreur (?:interne )?du serveur|error (?:interno )?del servidor|wartung/,
    ),
    unless: /connect to|reach|contact|client|certificate|protocol violation/i,
    why: 'A server that has its own trouble says so.',
  },
  {
    name: 'words of an answer that cannot be read',
    cause: 'parse_error',
    strength: GUESS,
    pattern: anyOf(
      /\b(?:json|xml|html|rss|atom|opml|yaml|dtd|markup|schema|syntax|feed(?:s| entries| items)?)\b.{0,80}(?:error|fail|invalid|unable|cannot|could ?n[o']t|malformed|not |missing|empty|fehler|erreur|ошибк|错误|エラー|mal ?form|wohlgeformt|prohibited|unexpected|unsupported|no )/,
      /(?:error|fail|invalid|unable|cannot|could ?n[o']t|can't|malformed|not a|not .{1,20}any |no |missing|empty|unexpected|unsupported|unrecogni[sz]ed|unknown).{0,60}\b(?:json|xml|html|rss|atom|opml|yaml|markup|schema|syntax|feed (?:type|format|entries|items?)|token|selector|element|tag|(?:items?|entries|articles) (?:in|found))\b/,
      /deseriali[sz]|unmarshal|\bdecod(?:e|ing)\b.{0,40}(?:response|body|message|error|fail)|unexpected (?:response|answer|reply|format|data|content|payload|type|value|body)|schema validation|validation (?:error|failed)|is empty\b|empty (?:response|result|body|feed|route)/,
      /(?:property name enclosed|extra data:|cannot begin with|missing field|unknown variant|invalid type:|invalid value:|protocol violation|(?:selector|regex|pattern).{0,20}(?:match|found)|no (?:items|entries|articles|elements) )/,
      /(?:format|формат).{0,40}(?:некоррект|неверн|ошибоч|invalid|incorrect|inválid|no válid|ungültig|falsch|non valid)|некорректн|(?:返回|响应|应答).{0,8}(?:无效|无法识别|异常)|解析(?:失败|错误|出错|エラー)|格式(?:错误|不正确|不对)|解析に失敗|파싱|разбор|не удалось (?:разобрать|прочитать)|analyse (?:syntaxique|du flux)|nicht (?:gelesen|verarbeitet|geparst)/,
    ),
    unless:
      /(?:fetch|refresh|download|\bload|updat|retriev|request|connect|monitor)\w{0,4} (?:[^\s:]{1,40} ){0,3}(?:json|xml|html|rss|atom|opml|feed|schema)|unknown error|request failed/i,
    why: 'What complains about markup, formats or missing parts has an answer and cannot use it.',
  },
  {
    name: 'words of TLS',
    cause: 'tls',
    strength: GUESS,
    pattern:
      /\bSSL\b|\bTLS\b|OpenSSL|GnuTLS|\bhandshake\b|secure (?:connection|channel)|cipher|revocation|吊销|証明/i,
    unless: /timed?[ _-]?out|reset|closed|eof|aborted/i,
    why: 'What speaks of TLS and of neither time nor the connection is a setting of either side.',
  },
  {
    name: 'words of a connection',
    cause: 'network_disconnect',
    strength: GUESS,
    pattern: anyOf(
      /connect|connexion|conexi|conex|verbindung|соединени|подключ|连接|連線|連接|接続|연결|\bsocket\b|\bnetwork\b|网络|網路|ネットワーク|네트워크|сет[ьи]\b|netzwerk|réseau|\bred\b|\brete\b/,
      /<no response>|unreachable|\bpeer\b|\bclosed\b|\b(?:read|write|recv|receive|send|receiving|sending|reading|writing) (?:error|fail\w{0,4}|data)\b|\bbroken\b|disconnect|\bdropped\b|\bpipe\b|\btruncated\b|\breconnect|without progress|urlopen error|URLError|event ?source (?:failed|error|connection)|isTrusted|pull function|target closed/,
    ),
    unless: /econnaborted.{0,20}exceeded|database|disabled|falling back/i,
    why: 'Most that fails on a connection is the connection.',
  },
];
