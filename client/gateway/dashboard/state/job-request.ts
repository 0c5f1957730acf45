import type { JobKind } from '../../../../core/jobs/job-kind.js';

/** The fields of the form, as they were filled in. */
export type FormValues = Readonly<Record<string, string>>;

export interface JobRequest {
  readonly kind: JobKind;
  readonly params: Record<string, unknown>;
}

/** What the gateway is asked for; it checks, and says what is wrong. Fields left empty are left out. */
export function jobRequestOf(kind: JobKind, values: FormValues): JobRequest {
  const text = (name: string) => ({ [name]: (values[name] ?? '').trim() });
  const flag = (name: string) => ({ [name]: values[name] === 'on' });
  switch (kind) {
    case 'digest': {
      const sources = (values['sources'] ?? '').split(/[\s,]+/).filter((source) => source !== '');
      const limit = (values['max_items'] ?? '').trim();
      return {
        kind,
        params: {
          ...filled({ ...text('topic'), ...text('period'), ...text('summarizer') }),
          ...(sources.length === 0 ? {} : { sources }),
          ...(limit === '' ? {} : { max_items: Number(limit) }),
        },
      };
    }
    case 'finalize':
      return { kind, params: filled({ ...text('recording'), ...text('branch'), ...instants(values) }) };
    case 'clip':
      return {
        kind,
        params: {
          ...filled({ ...text('recording'), ...text('branch'), ...instants(values) }),
          ...flag('reencode'),
        },
      };
  }
}

/** A time without a zone is one of the fields of a browser: said in UTC, as everywhere on the page. */
function instants(values: FormValues): Record<string, string> {
  const one = (text: string) => (/T[\d:.]+$/.test(text) ? `${text}Z` : text);
  return { from: one((values['from'] ?? '').trim()), to: one((values['to'] ?? '').trim()) };
}

function filled(values: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ''));
}
