import type { HttpCause } from '../../core/causes.js';

/** A document that cannot be read, and why. */
export class ParseFailure extends Error {
  readonly httpCause: HttpCause;
  constructor(message: string, httpCause: HttpCause = 'parse_error') {
    super(message);
    this.name = 'ParseFailure';
    this.httpCause = httpCause;
  }
}
