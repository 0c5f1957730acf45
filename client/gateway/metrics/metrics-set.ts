import { Counter, Gauge, type Registry } from 'prom-client';

/** Values of one metric, by their labels. */
export type Samples = readonly (readonly [labels: Readonly<Record<string, string>>, value: number])[];

/** Metrics that are set anew at each scrape, all of them at once. */
export class MetricsSet {
  readonly #registry: Registry;
  readonly #metrics: (Gauge | Counter)[] = [];

  constructor(registry: Registry) {
    this.#registry = registry;
  }

  /** Adds a metric of a value that goes up and down; returns how to set it. */
  gauge(name: string, help: string, labelNames: readonly string[] = []): (samples: Samples) => void {
    const gauge = new Gauge({ name: `holdfast_${name}`, help, labelNames, registers: [this.#registry] });
    this.#metrics.push(gauge);
    return (samples) => samples.forEach(([labels, value]) => gauge.set({ ...labels }, value));
  }

  /** Adds a metric of a value that only grows; returns how to set it. */
  counter(name: string, help: string, labelNames: readonly string[] = []): (samples: Samples) => void {
    const counter = new Counter({ name: `holdfast_${name}`, help, labelNames, registers: [this.#registry] });
    this.#metrics.push(counter);
    return (samples) => samples.forEach(([labels, value]) => counter.inc({ ...labels }, value));
  }

  /** Forgets every value: what cannot be told now must not look as if it were told. */
  clear(): void {
    for (const metric of this.#metrics) {
      metric.reset();
      // Without labels a metric begins with 0, which would be a value.
      metric.remove({});
    }
  }
}
