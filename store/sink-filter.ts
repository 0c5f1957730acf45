import { LEVELS, type Level } from '../core/notifications.js';

/** A sink and what it wants to hear. */
export interface SinkFilter {
  readonly name: string;
  readonly minLevel: Level;
  /** Patterns in which `*` stands for anything; all instances when absent. */
  readonly instances?: readonly string[];
}

/** True when a sink wants to hear of a notification. */
export function wants(
  sink: SinkFilter,
  notification: { readonly level: Level; readonly instance: string },
): boolean {
  if (LEVELS.indexOf(notification.level) < LEVELS.indexOf(sink.minLevel)) return false;
  return sink.instances?.some((pattern) => matchesPattern(pattern, notification.instance)) ?? true;
}

/** True when `*` in the pattern can stand for something that makes it equal to the text. Linear in both. */
export function matchesPattern(pattern: string, text: string): boolean {
  const parts = pattern.split('*');
  const first = parts[0] ?? '';
  if (parts.length === 1) return pattern === text;
  const last = parts.at(-1) ?? '';
  if (!text.startsWith(first) || !text.endsWith(last) || text.length < first.length + last.length)
    return false;
  let position = first.length;
  for (const part of parts.slice(1, -1)) {
    const found = text.indexOf(part, position);
    if (found === -1) return false;
    position = found + part.length;
  }
  return position <= text.length - last.length;
}
