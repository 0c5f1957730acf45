import type { JobView } from '../../../core/jobs/view.js';
import type { LiveEvent } from '../events/event-words.js';
import type { HealthDocument } from '../health/health-schemas.js';
import { patchChildren } from './dom/patch.js';
import { isPressed, noticePresses } from './dom/pressed.js';
import { getJson, getPicture } from './net/api.js';
import { JobFollowers } from './net/job-followers.js';
import { LiveEvents } from './net/live-events.js';
import { gatewayPath, instancePath } from './net/paths.js';
import { Poller } from './net/poller.js';
import { ReaderOfSeen } from './net/reader-of-seen.js';
import { hasToken, keepToken, whenTokenIsNeeded } from './net/token.js';
import { createHandlers } from './press.js';
import { applyEvent, applyInstances, setJob } from './state/apply-event.js';
import {
  emptyModel,
  type About,
  type CoverageDocument,
  type Listed,
  type Reading,
  type ShownPicture,
} from './state/model.js';
import { announce } from './view/announcer.js';
import { COVERAGE_EVERY_MS } from './view/coverage.js';
import { askForToken } from './view/dialogs.js';
import { INSTANCES_EVERY_MS } from './view/instances.js';
import { page } from './view/page.js';
import { HEALTH_EVERY_MS } from './view/sources.js';
import { chosenTheme } from './view/theme.js';

/** Ages on the page go on by the second. */
const TICK_MS = 1_000;
/** A picture costs the host some work; streams have a new one with each segment only. */
const PICTURE_EVERY_MS = 5_000;
const RECORDED_PICTURE_EVERY_MS = 15_000;
/** Health report that says that something is away is a report all the same. */
const NOT_READY = 503;

/** Keeps the page and what it shows together. */
export class Dashboard {
  readonly model = emptyModel(Date.now());
  private drawing = false;
  private readonly handlers = createHandlers(this);
  private readonly jobs = new JobFollowers(
    this.model,
    () => this.draw(),
    () => this.readJobs.soon(),
  );
  private readonly live = new LiveEvents({
    onOpen: () => this.connected(),
    onEvent: (event) => this.take(event),
    onLost: (reason) => this.lost(reason),
  });
  private readonly coverage = new ReaderOfSeen<CoverageDocument>({
    attribute: 'data-coverage',
    everyMs: () => COVERAGE_EVERY_MS,
    readings: this.model.coverage,
    read: (id) => getJson(instancePath(id, `/gaps?since=${this.model.coverageSince}`)),
    onRead: () => this.draw(),
  });
  private readonly pictures = new ReaderOfSeen<ShownPicture>({
    attribute: 'data-preview',
    everyMs: (id) => (id.startsWith('stream/') ? RECORDED_PICTURE_EVERY_MS : PICTURE_EVERY_MS),
    readings: this.model.pictures,
    read: (id) => getPicture(instancePath(id, '/preview?absent=empty')),
    onRead: () => this.draw(),
    onReplaced: ({ address }) => URL.revokeObjectURL(address),
  });
  readonly readInstances = new Poller(INSTANCES_EVERY_MS, async () => {
    const { model } = this;
    try {
      applyInstances(model, await getJson<Listed[]>(gatewayPath('/api/instances?details=true')), Date.now());
    } catch (error) {
      model.instances = withProblem(model.instances, error);
    }
    this.draw();
  });
  readonly readHealth = new Poller(HEALTH_EVERY_MS, async () => {
    const { model } = this;
    try {
      const value = await getJson<HealthDocument>(gatewayPath('/health'), [NOT_READY]);
      model.health = { value, atMs: Date.now(), problem: null };
    } catch (error) {
      model.health = withProblem(model.health, error);
    }
    this.draw();
  });
  /** Beside the live events, for what they tell late or not at all. */
  readonly readJobs = new Poller(30_000, async () => {
    for (const job of await getJson<JobView[]>(gatewayPath('/api/jobs?limit=50'))) setJob(this.model, job);
    this.jobs.update();
    this.draw();
  });

  /** Begins to show; the page lives until it is closed. */
  start(): void {
    noticePresses();
    whenTokenIsNeeded(() => void this.needToken());
    this.draw();
    setInterval(() => this.tick(), TICK_MS);
    window.addEventListener('online', () => this.live.tryNow());
    void this.live.run();
    this.readEverything();
  }

  /** Draws what has changed, once for all changes that come together. */
  draw(): void {
    if (this.drawing) return;
    this.drawing = true;
    const drawUnlessPressed = (): void => {
      if (isPressed()) {
        requestAnimationFrame(drawUnlessPressed);
        return;
      }
      this.drawing = false;
      const root = document.getElementById('app');
      const shown = { theme: chosenTheme(), withToken: hasToken() };
      if (root !== null) {
        patchChildren(root, page(this.model, shown, { nowMs: Date.now(), handlers: this.handlers }));
      }
    };
    requestAnimationFrame(drawUnlessPressed);
  }

  /** Another span of time is wanted. */
  forgetCoverage(): void {
    this.coverage.forget();
    void this.coverage.look();
  }

  async needToken(): Promise<void> {
    const token = await askForToken();
    if (token === null) return;
    keepToken(token);
    this.live.tryNow();
    this.readEverything();
  }

  private tick(): void {
    void this.coverage.look();
    void this.pictures.look();
    if (!document.hidden) this.draw();
  }

  private readEverything(): void {
    this.readInstances.now();
    this.readHealth.now();
    this.readJobs.now();
    void this.readAbout();
  }

  private async readAbout(): Promise<void> {
    this.model.about = await getJson<About>(gatewayPath('/api/about')).catch(() => this.model.about);
    this.draw();
  }

  private connected(): void {
    const { model } = this;
    const wasLost = model.connection === 'lost';
    model.connection = 'live';
    model.connectionSinceMs = Date.now();
    // It says again what it cannot read, and knows nothing of what it could not read before.
    model.away.clear();
    if (wasLost) announce('Connected to the gateway again');
    this.readEverything();
    this.draw();
  }

  private lost(reason: string): void {
    const { model } = this;
    if (model.connection !== 'lost') {
      model.connectionSinceMs = Date.now();
      announce('Connection to the gateway lost');
    }
    model.connection = 'lost';
    model.connectionProblem = reason;
    this.draw();
  }

  private take(event: LiveEvent): void {
    applyEvent(this.model, event, Date.now());
    if (event.type === 'notification' && isNew(event.notification.recordedAt)) {
      const { level, instance, message } = event.notification;
      announce(`${level}, ${instance}: ${message}`);
    }
    if (event.type === 'instance') this.readInstances.soon();
    if (event.type === 'job' || event.type === 'jobs') this.jobs.update();
    this.draw();
  }
}

/** Those of the time before the page was opened are not read aloud. */
function isNew(recordedAt: string): boolean {
  return Date.parse(recordedAt) >= performance.timeOrigin;
}

function withProblem<Value>(reading: Reading<Value>, error: unknown): Reading<Value> {
  return { ...reading, problem: (error as Error).message };
}
