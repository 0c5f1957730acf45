/** A run of a text that is a link, or that is not. */
export interface Run {
  readonly text: string;
  readonly isLink: boolean;
}

const LINK = /https?:\/\/[^\s<>"]+/gi;

/** Splits a text at its links, so that what is done to words leaves links usable. */
export function runsOf(text: string): Run[] {
  const runs: Run[] = [];
  let from = 0;
  for (const match of text.matchAll(LINK)) {
    runs.push({ text: text.slice(from, match.index), isLink: false }, { text: match[0], isLink: true });
    from = match.index + match[0].length;
  }
  runs.push({ text: text.slice(from), isLink: false });
  return runs.filter((run) => run.text !== '');
}

/** Applies one change to the words of a text and another to its links. */
export function mapRuns(
  text: string,
  change: { readonly words: (words: string) => string; readonly links: (link: string) => string },
): string {
  return runsOf(text)
    .map((run) => (run.isLink ? change.links(run.text) : change.words(run.text)))
    .join('');
}
