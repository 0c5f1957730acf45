/** Which resolver an entry of the configuration means, which site it asks, and how long it may take. */
import type { ResolverConfig } from '../../core/config/stream.js';
import { expandSecrets, type Environment } from '../secrets/index.js';
import { resolveCommand } from './command.js';
import { resolveDirect } from './direct.js';
import { resolveHttpJson } from './http-json.js';
import { siteKey } from './limiter/index.js';
import type { Resolution, ResolveContext } from './resolution.js';
import { resolveTiktok } from './tiktok/index.js';
import { resolveStreamlink, STREAMLINK_TIMEOUT_MS } from './tool/streamlink.js';
import { resolveYtDlp, YT_DLP_TIMEOUT_MS } from './tool/yt-dlp.js';

/** Of all requests of one resolve together. */
const HTTP_RESOLVE_TIMEOUT_MS = 45_000;
/** A program is killed by its own timeout first, so that the message names it. */
const PROGRAM_GRACE_MS = 5_000;

/** Asks for the live address. Never throws for what a site or a program does. */
export function resolve(resolver: ResolverConfig, context: ResolveContext): Promise<Resolution> {
  switch (resolver.kind) {
    case 'direct':
      return resolveDirect(resolver, context);
    case 'http-json':
      return resolveHttpJson(resolver, context);
    case 'command':
      return resolveCommand(resolver, context);
    case 'streamlink':
      return resolveStreamlink(resolver, context);
    case 'yt-dlp':
      return resolveYtDlp(resolver, context);
    case 'tiktok':
      return resolveTiktok(resolver, context);
  }
}

/** The site whose limits count; null for a media host and for the user's own program, which know best themselves. */
export function siteOf(resolver: ResolverConfig, env: Environment): string | null {
  switch (resolver.kind) {
    case 'direct':
    case 'command':
      return null;
    case 'http-json':
    case 'streamlink':
    case 'yt-dlp':
      return siteKey(expandSecrets(resolver.url, env));
    case 'tiktok':
      return siteKey(resolver.base_url);
  }
}

/** After this a resolve is given up, whatever hangs. */
export function resolveTimeoutMs(resolver: ResolverConfig): number {
  switch (resolver.kind) {
    case 'direct':
    case 'http-json':
    case 'tiktok':
      return HTTP_RESOLVE_TIMEOUT_MS;
    case 'command':
      return resolver.timeout + PROGRAM_GRACE_MS;
    case 'streamlink':
      return STREAMLINK_TIMEOUT_MS + PROGRAM_GRACE_MS;
    case 'yt-dlp':
      return YT_DLP_TIMEOUT_MS + PROGRAM_GRACE_MS;
  }
}
