import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DigestParams } from '../../../core/jobs/params.js';
import { counted } from '../../../core/jobs/step.js';
import type { StepContext, StepRun } from '../step-context.js';
import type { DigestDocument, DigestStory, Report } from './document.js';
import type { Story } from './group-stories.js';
import type { DigestItem } from './item.js';
import { kept, keptBefore } from './kept.js';
import { LINKS_PER_STORY } from './limits.js';
import { toHtml } from './write/html.js';
import { toJsonFeed } from './write/json-feed.js';
import { toMarkdown } from './write/markdown.js';

interface Form {
  readonly name: string;
  readonly mediaType: string;
  readonly write: (document: DigestDocument) => string;
}

const FORMS: readonly Form[] = [
  { name: 'digest.md', mediaType: 'text/markdown; charset=utf-8', write: toMarkdown },
  { name: 'digest.html', mediaType: 'text/html; charset=utf-8', write: toHtml },
  { name: 'digest.json', mediaType: 'application/feed+json', write: toJsonFeed },
];

/** Writes the digest in each form. The same job writes the same files, however often this runs. */
export const writeDigest: StepRun<DigestParams> = async (params, context) => {
  const document = await documentOf(params, context);
  context.report(counted(0, FORMS.length, 'files'));
  for (const [done, { name, mediaType, write }] of FORMS.entries()) {
    const file = join(context.workFolder, name);
    await writeFile(file, write(document));
    await context.artifact(name, mediaType, file);
    context.report(counted(done + 1, FORMS.length, 'files'));
  }
};

async function documentOf(params: DigestParams, context: StepContext): Promise<DigestDocument> {
  const { from, to, items } = await keptBefore(context, 'selection');
  const stories = await keptBefore(context, 'stories');
  const summaries = (await kept(context, 'summaries')) ?? {};
  return {
    topic: params.topic,
    from,
    to,
    createdAt: context.createdAt,
    language: params.language,
    overview: await keptBefore(context, 'overview'),
    found: items.length,
    stories: stories.map((story) => shownStory(story, summaries[story[0].number] ?? '')),
  };
}

function shownStory([first, ...others]: Story, summary: string): DigestStory {
  return {
    number: first.number,
    ...reportOf(first),
    summary,
    others: others.slice(0, LINKS_PER_STORY).map(reportOf),
  };
}

function reportOf({ source, title, link, date, author }: DigestItem): Report {
  return { source, title, link, date, author };
}
