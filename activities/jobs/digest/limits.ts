/** Items that are looked at for each one in the digest: duplicates fall away. */
export const CANDIDATES_PER_STORY = 4;
/** Candidates in all, so that they can be compared with each other and kept between steps. */
export const CANDIDATES_MAX = 500;
/** Text of an item that is summed up; the beginning says what it is about. */
export const ITEM_TEXT_CHARACTERS = 3_000;
export const TITLE_CHARACTERS = 300;
/** Longer addresses are not meant for people. */
export const LINK_CHARACTERS = 2_000;
/** Texts of a story that are read for its summary: more say the same again. */
export const TEXTS_PER_STORY = 4;
/** Other reports of a story that are linked. */
export const LINKS_PER_STORY = 10;
export const SUMMARY_SENTENCES = 3;
export const SUMMARY_CHARACTERS = 700;
/** Sentences at the head of a digest. */
export const OVERVIEW_SENTENCES = 3;
export const OVERVIEW_CHARACTERS = 1_000;
/** Stories that the head of a digest is made from. */
export const OVERVIEW_STORIES = 30;
