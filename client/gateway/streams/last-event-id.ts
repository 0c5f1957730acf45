import { z } from 'zod';
import { pattern } from '../../../core/config/common.js';
import { parseOffset } from '../../follow/followed-event.js';

/** Where a stream goes on, in the query. */
export const lastEventIdQuery = z.strictObject({
  last_event_id: pattern(/^\d{1,15}$/, 'the id of an event')
    .optional()
    .describe('For clients that cannot send the header `Last-Event-ID`, which comes first.'),
});

/** The same in the headers. Not checked further: a browser repeats whatever it was given, and must not be refused for it. */
export const lastEventIdHeaders = z.object({
  'last-event-id': z.string().optional().describe('The stream goes on after this event.'),
});

/** The id of the last event that a client has seen; null when it names none. */
export function lastEventIdOf({
  headers,
  query,
}: {
  readonly headers: z.output<typeof lastEventIdHeaders>;
  readonly query: z.output<typeof lastEventIdQuery>;
}): number | null {
  return parseOffset(headers['last-event-id']) ?? parseOffset(query.last_event_id);
}
