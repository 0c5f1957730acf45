const KEY = 'holdfast-theme';
const THEMES: ReadonlySet<string> = new Set(['light', 'dark']);

/** The theme that was chosen here; `auto` follows the system. */
export function chosenTheme(): string {
  const kept = localStorage.getItem(KEY) ?? '';
  return THEMES.has(kept) ? kept : 'auto';
}

export function applyTheme(theme: string): void {
  if (THEMES.has(theme)) {
    localStorage.setItem(KEY, theme);
    document.documentElement.dataset['theme'] = theme;
  } else {
    localStorage.removeItem(KEY);
    delete document.documentElement.dataset['theme'];
  }
}
