import type { HttpCause } from '../../../causes.js';
import { anyOf, STRENGTH, type Rule } from '../../types.js';

/** Host names and their servers. */
export const NAME_RULES: readonly Rule<HttpCause>[] = [
  {
    name: 'name server did not answer',
    cause: 'dns_temporary',
    strength: STRENGTH.decisive,
    errnos: ['EAI_AGAIN'],
    why: 'EAI_AGAIN and SERVFAIL are about the name server, not about the name.',
  },
  {
    name: 'name server is in trouble',
    cause: 'dns_temporary',
    strength: STRENGTH.decisive,
    pattern: anyOf(
      /\bESERVFAIL\b|\bSERVFAIL\b|\bEREFUSED\b.{0,20}query/,
      /query\w{0,8} (?:EREFUSED|ETIMEOUT|ESERVFAIL|ECONNREFUSED|ETIMEDOUT|ECANCELLED)|queryA{1,4} /,
      /dns (?:query |lookup |resolution |request |server )?(?:timed ?out|time-?out|timeout|failure|server (?:failed|misbehaving|failure))/,
      /contact(?:ing)? dns servers|dns server (?:returned general failure|refused|claims|does not implement)/,
      /dns query cancelled|server misbehaving|resolv\w{0,8} timed out/,
      /(?:name lookup|name resolution|resolving|lookup) timed out|ERR_DNS_TIMED_OUT/,
      /ERR_DNS_SERVER_FAILED|DNS_PROBE_FINISHED_(?:NO_INTERNET|BAD_CONFIG)|DNS_PROBE_STARTED/,
      /getaddrinfo\(\) thread failed|could not contact dns|no name ?servers|all nameservers failed/,
      /name resolver error|ERR_NAME_RESOLUTION_FAILED|temporary(?:ly)? .{0,40}(?:resolve|resolution)/,
      /lookup .{1,100}i\/o timeout|errno -3\b|name resolution failed for target/,
      /(?:lookup|look up|resol\w{1,8}|getaddrinfo|\bname\b|dns).{0,100}: try again/,
    ),
    why: 'Time-outs and refusals of the name server pass.',
  },
  {
    name: 'host name does not exist',
    cause: 'dns_not_found',
    strength: STRENGTH.decisive,
    errnos: ['EAI_NONAME'],
    why: 'The name server has answered that there is no such name.',
  },
  {
    name: 'host name not resolved',
    cause: 'dns_not_found',
    strength: STRENGTH.decisive,
    pattern: anyOf(
      /ERR_NAME_NOT_RESOLVED|DNS_PROBE_FINISHED_NXDOMAIN|NXDOMAIN|NameResolutionError/,
      /UnknownHostException|getaddrinfo (?:failed|ENOTFOUND|error)|\bENODATA\b/,
      /domain name not found|answer with no data|hostname could not be found|server with the specified hostname/,
      /could not resolve (?:host|proxy|address)|couldn't resolve|server not found|servname not/,
      /dns (?:lookup failed|resolution failed|name not found|error)|cannot resolve|unresolvable/,
      /can't find (?:the )?(?:server|host)|bad (?:address '|hostname)|host ?(?:name)? .{0,80}(?:not found|is unknown|nicht gefunden|unbekannt)|(?:remote|proxy) host ?name was not found|no such host|name oder (?:der )?dienst|no data of the requested type|ERR_ICANN_NAME/,
      /(?:remote)?name (?:konnte|could) (?:nicht|not) (?:be )?(?:aufgelöst|resolved)/,
      /nom distant n'a pas pu être résolu|nombre remoto|impossibile risolvere|não pôde ser resolvido/,
      /(?:nombre|nome|nom) (?:del? |do |du |de l'){0,2}(?:host|servidor|anfitri|hôte|serveur|remoto)|hôte.{0,30}(?:introuvable|inconnu)|(?:сервер|узел|узла|хост)\w{0,3} не найден|имя (?:узла|хоста|сервера)|(?:主机|主機|域名).{0,10}(?:未找到|找不到|不存在)|(?:未找到|找不到).{0,6}(?:主机|主機)|ホスト.{0,16}見つかりません/,
      /无法解析|解決できません|удаленное имя|NS_ERROR_UNKNOWN_HOST|errno -[25]\b/,
    ),
    why: 'Browsers and resolvers have their own names for NXDOMAIN.',
  },
  {
    name: 'something about names failed',
    cause: 'dns_not_found',
    strength: STRENGTH.weak,
    pattern:
      /\bdns\b.{0,60}(?:error|fail|invalid)|(?:cannot|can't|could not|couldn't|unable to|failed to) resolve/i,
    why: 'A name that does not resolve, in words of the program’s own.',
  },
];
