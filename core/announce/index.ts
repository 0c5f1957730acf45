/** News out: the text that announces an item. */
export { cleanText, htmlToLine, oneLine } from './plain-text.js';
export { DEFAULT_TEXT_LIMIT, renderAnnouncement, type AnnouncedItem } from './render.js';
export { PLACEHOLDERS, TEMPLATE_ALLOWED, unknownPlaceholders, type Placeholder } from './template.js';
export { bytesOf, charactersOf, shorten, type TextLimit } from './text-limit.js';
