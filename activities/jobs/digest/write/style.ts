/** Looks of a digest: readable on a phone, in light and in dark. */
export const STYLE = `:root {
  color-scheme: light dark;
  --text: #1c2126; --quiet: #59636e; --link: #0a58ca; --line: #d5dae0; --ground: #ffffff;
}
@media (prefers-color-scheme: dark) {
  :root { --text: #e8eaed; --quiet: #a4adb8; --link: #8ab8ff; --line: #3a424b; --ground: #15181c; }
}
body { margin: 0; background: var(--ground); color: var(--text); font: 1rem/1.6 system-ui, sans-serif; }
main { max-width: 44rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; overflow-wrap: anywhere; }
h1 { font-size: 1.6rem; line-height: 1.25; }
h2 { font-size: 1.15rem; line-height: 1.35; margin: 0 0 0.2rem; }
a { color: var(--link); }
p { margin: 0.4rem 0; }
article { border-top: 1px solid var(--line); padding: 1.2rem 0 0.6rem; }
ul { margin: 0.5rem 0; padding-inline-start: 1.2rem; }
.facts, .origin { color: var(--quiet); font-size: 0.9rem; }
.overview { font-size: 1.1rem; margin: 1rem 0 1.5rem; }
`;
