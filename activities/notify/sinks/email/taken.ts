/** Most mails of which is remembered who has got them; more are not under way at once. */
const MAILS_MAX = 1_000;

/** Remembers who has got a mail that others are still to get, so that a further attempt goes to the rest only. */
export class TakenRecipients {
  readonly #taken = new Map<string, ReadonlySet<string>>();

  /** The recipients that are still to get a mail. */
  rest(id: string, recipients: readonly string[]): string[] {
    const taken = this.#taken.get(id);
    return recipients.filter((recipient) => taken?.has(recipient) !== true);
  }

  add(id: string, recipients: readonly string[]): void {
    this.#taken.set(id, new Set([...(this.#taken.get(id) ?? []), ...recipients]));
    const [oldest] = this.#taken.keys();
    if (this.#taken.size > MAILS_MAX && oldest !== undefined) this.#taken.delete(oldest);
  }

  forget(id: string): void {
    this.#taken.delete(id);
  }
}
