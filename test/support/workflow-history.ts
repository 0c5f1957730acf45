import type { WorkflowHandle } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';

/** Timers of a workflow in order: how long, and what the Web UI shows for them. */
export async function timersOf(handle: WorkflowHandle): Promise<{ seconds: number; summary: string }[]> {
  const { events } = await handle.fetchHistory();
  return (events ?? []).flatMap(({ timerStartedEventAttributes: timer, userMetadata }) => {
    if (timer === undefined || timer === null) return [];
    const summary = userMetadata?.summary;
    const { seconds, nanos } = timer.startToFireTimeout ?? {};
    return [
      {
        seconds: Number(seconds ?? 0) + (nanos ?? 0) / 1e9,
        summary: summary ? defaultPayloadConverter.fromPayload<string>(summary) : '',
      },
    ];
  });
}
