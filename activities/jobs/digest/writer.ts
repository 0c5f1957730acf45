import type { Story } from './group-stories.js';

export interface StoryText {
  readonly title: string;
  readonly summary: string;
}

/** Who writes the texts of a digest. What comes back is plain text that is not trusted. */
export interface Writer {
  /** True while a text costs enough to be kept at once. */
  isCostly(): boolean;
  /** `onText` gets the text piece by piece where it is written so. */
  writeStory(story: Story, signal: AbortSignal, onText: (text: string) => void): Promise<string>;
  writeOverview(topic: string, stories: readonly StoryText[], signal: AbortSignal): Promise<string>;
}
