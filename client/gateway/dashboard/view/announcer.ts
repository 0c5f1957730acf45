/** Tells screen readers what has happened; others see it where it is shown. */
export function announce(text: string): void {
  const log = document.getElementById('announcer');
  if (log === null) return;
  const line = document.createElement('p');
  line.textContent = text;
  log.append(line);
  while (log.children.length > LINES_KEPT) log.firstElementChild?.remove();
}

/** A screen reader has read the older ones. */
const LINES_KEPT = 5;
