/** Full-text search: what a topic asks for, and the form in which texts are compared. */
export { itemSearchText, type ItemSearchText } from './item-text.js';
export { searchTokens } from './tokens.js';
export { parseTopic, TOPIC_CHARACTERS_MAX, TopicError, type SearchTerm, type Topic } from './topic.js';
