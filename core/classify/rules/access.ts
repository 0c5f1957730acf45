import type { MediaCause } from '../../causes.js';
import { anyOf, STRENGTH, type Rule } from '../types.js';

/** Who may do what: the other side's refusal of us, and the operating system's. */
export const ACCESS_RULES: readonly Rule<MediaCause>[] = [
  {
    name: 'credentials refused',
    cause: 'unauthorized',
    strength: STRENGTH.decisive,
    pattern: anyOf(
      /\b401\b.{0,30}(?:unauthori[sz]ed|authori[sz]ation)|unauthori[sz]ed|(?:error|code|status|http|returned)[\s:=]{1,3}401\b|\b407\b.{0,20}proxy|proxy authentication/,
      /auth(?:entication|ori[sz]ation)?(?: has)? (?:failed|failure|error|required|rejected|denied|invalid)|failed to auth|not authori[sz]ed|authmod=|access_refused|code=403 need auth|unknown username|wrong password|incorrect password|(?:invalid|bad|wrong|incorrect|expired|missing) (?:credentials?|username|password|passphrase|api key|access token|token|cookies?|login|user name|stream ?key|streamname)|badname|badauth|badsecret/,
      /netstream\.publish\.(?:denied|unauthori[sz]ed)|netconnection\.connect\.(?:rejected|authfailed|denied)|publish(?:ing)? (?:denied|rejected|not allowed|refused)|stream ?key .{0,30}(?:invalid|incorrect|not found|wrong|rejected)|not allowed to publish/,
      /(?:please |must |need to |have to )?(?:log ?in|sign ?in) (?:to|required|is required)|login required|requires? (?:login|authentication|a subscription|purchase|payment)|use --cookies|--username and --password|account (?:is )?required|members?-only|members only|private video|only available (?:to|for) (?:registered|members|subscribers|music premium|premium)|confirm (?:you're not a bot|your age)|age[- ]restrict/,
      /badsecret|rejected.{0,30}(?:passphrase|secret|password)|(?:passphrase|secret|password|encryption).{0,40}(?:mismatch|wrong|incorrect|reject|not match)|SRT_REJ_(?:BADSECRET|UNSECURE)|unsecure|wrong (?:secret|passphrase)/,
      /\bdrm\b|drm protected|drm-protected|widevine|could not decrypt/,
      /\b403\b.{0,12}forbidden|forbidden|(?:error|code|status|http|returned)[\s:=]{1,3}403\b/,
    ),
    unless: /polkit|\bdbus|mit-magic-cookie/i,
    why: 'A refusal of who we are is repeated at every try; it outranks the disconnect that follows it.',
  },
  {
    name: 'system refuses access',
    cause: 'permission_denied',
    strength: STRENGTH.likely,
    errnos: ['EACCES', 'EPERM'],
    why: 'EACCES and EPERM are decisions of this machine, whatever they are about.',
  },
  {
    name: 'privacy control of the desktop',
    cause: 'permission_denied',
    strength: STRENGTH.specific,
    pattern: anyOf(
      /not authori[sz]ed to (?:capture|use|access)|privacy settings|permission to (?:access|use) (?:the )?(?:camera|microphone|screen)|(?:insufficient|missing|lacks?|no) (?:permissions?|privileges|rights)|requires? (?:root|administrator|superuser)|must be (?:run as )?root|add .{0,40}to (?:the )?(?:video|audio|render) group|EACCES|access.denied.*device|could not open x display.*authori/,
    ),
    why: 'Desktops say in words what the kernel says by EACCES.',
  },
];
