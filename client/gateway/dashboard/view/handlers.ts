import type { InstanceAction } from '../state/actions.js';
import type { Model } from '../state/model.js';
import type { FormValues } from '../state/job-request.js';
import type { JobView } from '../../../../core/jobs/view.js';

/** What a person does on the page. */
export interface Handlers {
  onAction(id: string, action: InstanceAction): void;
  onFilter(change: { text?: string; kind?: string; state?: string }): void;
  onCoverageSince(since: string): void;
  /** The gap of a coverage bar that is pointed at; null for none. */
  onShowGap(shown: Model['shownGap']): void;
  onJobKind(kind: JobView['kind']): void;
  onStartJob(values: FormValues): void;
  onCancelJob(id: string): void;
  onFetchArtifact(id: string, name: string): void;
  onTheme(theme: string): void;
  onForgetToken(): void;
}

/** What is the same for every view. */
export interface ViewContext {
  readonly nowMs: number;
  readonly handlers: Handlers;
}
