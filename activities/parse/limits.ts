/** Deeper documents are made to break programs; the deepest feeds hold a page in each item. */
export const DEPTH_MAX = 200;
/** Pages are deeper than feeds: old ones never close their tags. */
export const HTML_DEPTH_MAX = 1_000;
/** More elements than in any document of 15 MiB that means something. */
export const ELEMENTS_MAX = 500_000;
/** Sources with more items are archives; the first ones are the newest. */
export const ITEMS_MAX = 2_000;
export const TITLE_CHARACTERS = 1_000;
export const SUMMARY_CHARACTERS = 1_000;
export const CONTENT_CHARACTERS = 262_144;
export const AUTHOR_CHARACTERS = 300;
export const CATEGORY_CHARACTERS = 100;
export const CATEGORIES_MAX = 30;
export const ENCLOSURES_MAX = 20;
/** Longer addresses are refused by most servers. */
export const LINK_CHARACTERS = 8_192;
/** A longer name of an item is hashed. */
export const ID_CHARACTERS = 512;
