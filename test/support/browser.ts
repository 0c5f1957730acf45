import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';

/** Debian's Chromium; `scripts/test` installs it. */
const EXECUTABLE = process.env['HOLDFAST_CHROMIUM'] ?? '/usr/bin/chromium';

/** What the browser itself says when a request gets no answer; the page says so in its own words. */
const NO_ANSWER =
  /net::ERR_(?:CONNECTION_REFUSED|CONNECTION_RESET|INCOMPLETE_CHUNKED_ENCODING|EMPTY_RESPONSE|SOCKET_NOT_CONNECTED)/;

/** A headless Chromium whose pages tell everything that goes wrong in them. */
export class TestBrowser {
  private constructor(private readonly browser: Browser) {}

  static async start(): Promise<TestBrowser> {
    const args = ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu'];
    return new TestBrowser(await chromium.launch({ executablePath: EXECUTABLE, args }));
  }

  /** A new page in a profile of its own. */
  async open(url: string, options: BrowserContextOptions = {}): Promise<ObservedPage> {
    const context = await this.browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
    const page = await context.newPage();
    const errors: string[] = [];
    const requests: string[] = [];
    page.on('pageerror', (error) => errors.push(`${error.name}: ${error.message}`));
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning')
        errors.push(`${message.text()} ${message.location().url}`);
    });
    page.on('request', (request) => requests.push(request.url()));
    await page.goto(url);
    return { page, errors, requests };
  }

  async close(): Promise<void> {
    await this.browser.close();
  }
}

export interface ObservedPage {
  readonly page: Page;
  /** Errors and warnings of the console, and whatever was thrown. */
  readonly errors: string[];
  /** Addresses of everything that was asked for. */
  readonly requests: string[];
}

/** Errors that are not of a connection that the test itself has cut. */
export function ownErrors(errors: readonly string[]): string[] {
  return errors.filter((error) => !NO_ANSWER.test(error));
}
