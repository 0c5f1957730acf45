import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import { patched, setCurrentDetails, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import { SEARCH_ATTRIBUTES } from '../core/search-attributes.js';

const KIND_ATTRIBUTE = defineSearchAttributeKey(SEARCH_ATTRIBUTES.kind, SearchAttributeType.KEYWORD);
const STATE_ATTRIBUTE = defineSearchAttributeKey(SEARCH_ATTRIBUTES.state, SearchAttributeType.KEYWORD);
const HOST_ATTRIBUTE = defineSearchAttributeKey(SEARCH_ATTRIBUTES.host, SearchAttributeType.KEYWORD);

/** What Temporal shows of an instance or a job. */
export interface Shown {
  readonly kind: string;
  readonly host: string | null;
  readonly state: string;
  readonly detail: string;
}

/** `retrying 2/3, next attempt 14:03:05Z, connection reset by peer`: the state is named once. */
function inWords({ state, detail }: Shown): string {
  return detail.startsWith(state) || detail.startsWith('waiting') ? detail : `${state}: ${detail}`;
}

/**
 * Leaves an event that says nothing new, for a task that has moved the workflow's code and would leave none. A worker that reads the
 * history anew takes such a task and the next one, brought by an update, for one; later it reads them apart, and the order of commands
 * differs (temporalio/sdk-python#1591).
 */
export function leaveTrace(): void {
  if (!patched('trace-of-a-wait-in-vain')) return;
  upsertSearchAttributes([{ key: KIND_ATTRIBUTE, value: workflowInfo().workflowType }]);
}

/** Keeps what Temporal shows of an instance in step with its status, with as few history events as possible. */
export class Visibility {
  #shown = '';

  show(status: Shown): void {
    setCurrentDetails(inWords(status));
    const key = `${status.state} ${status.host ?? ''}`;
    if (key === this.#shown) return;
    // The beginning says nothing that is worth an event of its own: the host is chosen a moment later.
    if (this.#shown === '' && status.state === 'starting' && status.host === null) return;
    this.#shown = key;
    upsertSearchAttributes([
      { key: KIND_ATTRIBUTE, value: status.kind },
      { key: STATE_ATTRIBUTE, value: status.state },
      { key: HOST_ATTRIBUTE, value: status.host },
    ]);
  }
}
