import { HTTP_CAUSES, MEDIA_CAUSES, type CauseEntry } from '../causes.js';
import { code, renderTable } from './table.js';

/** The page that lists every cause, what holdfast does and what a person should do. */
export function renderFailuresPage(): string {
  return `# Failures

Every cause with which something can end, what holdfast does about it by default, and what you should do.
\`holdfast show ID\` names the cause of each incident; \`holdfast explain\` finds the cause of a log you paste into it.

A **transient** cause is retried. A **waiting** cause is outwaited: something outside has to change. A **fatal** cause
stops the branch (a recording, a push, the capture itself) with a notice, and \`holdfast retry ID\` starts it again.

This page is made from \`core/causes.ts\` by \`npm run docs\`.

## Recordings, captures and pushes

${causesTable(MEDIA_CAUSES)}

## Fetching of sources

${causesTable(HTTP_CAUSES)}
`;
}

function causesTable(causes: Readonly<Record<string, CauseEntry>>): string {
  const rows = Object.entries(causes).map(([cause, entry]) => [
    code(cause),
    entry.class,
    entry.description,
    entry.policy,
    entry.action,
  ]);
  return renderTable(['Cause', 'Class', 'What happened', 'What holdfast does', 'What to do'], rows);
}
