#!/usr/bin/env node
// Draws what a terminal shows, as `tmux capture-pane -e -p` prints it, as an SVG picture:
//   tmux capture-pane -e -p | node scripts/terminal-svg.mjs > docs/images/up.svg
import { readFileSync } from 'node:fs';

const ESCAPE = String.fromCodePoint(27);
const STYLE_CHANGE = new RegExp(`(${ESCAPE}\\[[0-9;]*m)`);
const EVERY_STYLE_CHANGE = new RegExp(STYLE_CHANGE, 'g');
const CELL_WIDTH = 8.4;
const LINE_HEIGHT = 19;
const MARGIN = 16;
const COLOURS = {
  31: '#ff7b72',
  32: '#7ee787',
  33: '#e3b341',
  34: '#79c0ff',
  35: '#d2a8ff',
  36: '#76e3ea',
  90: '#8b949e',
};

function escapeText(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** Pieces of one line with their style. */
function pieces(line) {
  const found = [];
  let style = { fill: '#e6edf3', bold: false, dim: false };
  let column = 0;
  for (const part of line.split(STYLE_CHANGE)) {
    if (!part.startsWith(ESCAPE)) {
      if (part.trim() !== '') found.push({ ...style, text: part, column });
      column += Array.from(part).length;
      continue;
    }
    for (const code of part.slice(2, -1).split(';').map(Number)) {
      if (code === 0) style = { fill: '#e6edf3', bold: false, dim: false };
      else if (code === 1) style = { ...style, bold: true };
      else if (code === 2) style = { ...style, dim: true };
      else if (code === 22) style = { ...style, bold: false, dim: false };
      else if (code === 39) style = { ...style, fill: '#e6edf3' };
      else if (COLOURS[code] !== undefined) style = { ...style, fill: COLOURS[code] };
    }
  }
  return found;
}

const lines = readFileSync(0, 'utf8').replace(/\s+$/, '').split('\n');
const width =
  Math.ceil(
    Math.max(...lines.map((line) => Array.from(line.replaceAll(EVERY_STYLE_CHANGE, '')).length)) * CELL_WIDTH,
  ) +
  2 * MARGIN;
const height = lines.length * LINE_HEIGHT + 2 * MARGIN;
const body = lines.flatMap((line, row) =>
  pieces(line).map(({ text, column, fill, bold, dim }) => {
    const x = (MARGIN + column * CELL_WIDTH).toFixed(1);
    const y = MARGIN + row * LINE_HEIGHT + 14;
    const weight = bold ? ' font-weight="bold"' : '';
    const opacity = dim ? ' opacity="0.7"' : '';
    const length = (Array.from(text).length * CELL_WIDTH).toFixed(1);
    return `<text x="${x}" y="${y}" fill="${fill}"${weight}${opacity} textLength="${length}" xml:space="preserve">${escapeText(text)}</text>`;
  }),
);
console.log(
  [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">`,
    `<rect width="100%" height="100%" rx="8" fill="#0d1117"/>`,
    `<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, monospace" font-size="14">`,
    ...body,
    '</g>',
    '</svg>',
  ].join('\n'),
);
