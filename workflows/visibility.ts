import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import { setCurrentDetails, upsertSearchAttributes } from '@temporalio/workflow';
import type { InstanceStatus } from '../core/instance-status.js';
import { SEARCH_ATTRIBUTES } from '../core/search-attributes.js';

const KIND_ATTRIBUTE = defineSearchAttributeKey(SEARCH_ATTRIBUTES.kind, SearchAttributeType.KEYWORD);
const STATE_ATTRIBUTE = defineSearchAttributeKey(SEARCH_ATTRIBUTES.state, SearchAttributeType.KEYWORD);
const HOST_ATTRIBUTE = defineSearchAttributeKey(SEARCH_ATTRIBUTES.host, SearchAttributeType.KEYWORD);

/** Keeps what Temporal shows of an instance in step with its status, with as few history events as possible. */
export class Visibility {
  #shown = '';

  show(status: InstanceStatus): void {
    setCurrentDetails(`**${status.state}** ${status.detail}`);
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
