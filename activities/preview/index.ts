export { createTakePreview, type TakePreviewOptions } from './take-preview.js';
