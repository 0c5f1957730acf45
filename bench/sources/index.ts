import { loadavg } from 'node:os';
import { rounded, table } from '../statistics.js';
import { measureCeiling } from './ceiling.js';
import { measureColdStart, type ColdStart } from './cold-start.js';
import { measureContender, type CycleResult } from './contender.js';
import { installContenders } from './contenders.js';
import { Farm } from './farm-process.js';
import { populate } from './population.js';
import { measureSteadyState, type SteadyState } from './steady-state.js';

const STEADY_SOURCES = { full: 1_000, quick: 200 } as const;
const STEADY_MS = { full: 90_000, quick: 30_000 } as const;
const CEILING_MS = { full: 20_000, quick: 10_000 } as const;

/** One cycle of many sources beside other programs, many sources each minute, and how many cycles a second the machine can do. */
export async function benchSources({ quick = false } = {}): Promise<string> {
  const size = quick ? 'quick' : 'full';
  const before = loadavg()[0] ?? 0;
  const cycle = await compareCycle(quick);
  const steady = await measureSteadyState(STEADY_SOURCES[size], STEADY_MS[size]);
  process.stderr.write(`${JSON.stringify(steady)}\n`);
  const ceiling = await measureCeiling(CEILING_MS[size]);
  return [
    `Load average before: ${rounded(before)}, after: ${rounded(loadavg()[0] ?? 0)}`,
    '## One cycle',
    cycle,
    '## Steady state',
    steadyTable(steady),
    '## Ceiling',
    table(
      ['cycles a second', 'CPU of a cycle: server', 'worker', 'the sites themselves'],
      [
        [
          rounded(ceiling.cyclesPerSecond),
          `${rounded(ceiling.serverMs)} ms`,
          `${rounded(ceiling.workerMs)} ms`,
          `${rounded(ceiling.farmMs)} ms`,
        ],
      ],
    ),
  ].join('\n\n');
}

async function compareCycle(quick: boolean): Promise<string> {
  const contenders = await installContenders();
  const farm = await Farm.start();
  try {
    const addresses = await populate(farm, quick);
    const own = await measureColdStart(farm, addresses);
    process.stderr.write(`${JSON.stringify(own)}\n`);
    const results: CycleResult[] = [];
    for (const contender of contenders) {
      const result = await measureContender(contender, farm, addresses);
      process.stderr.write(`${JSON.stringify(result)}\n`);
      results.push(result);
    }
    return cycleTable(own, results);
  } finally {
    await farm.close();
  }
}

function cycleTable(own: ColdStart, others: readonly CycleResult[]): string {
  const head = [
    'program',
    'healthy ones answered',
    'and in the store',
    'recoverable ones fetched',
    '304 in the second cycle',
    'CPU',
    'memory',
    'requests at once',
  ];
  const row = (result: CycleResult, stored: string) => [
    result.name,
    `${rounded(result.healthySeconds)} s`,
    stored,
    `${rounded(result.recovered * 100, 0)} %`,
    `${rounded(result.unchanged * 100, 0)} %`,
    `${rounded(result.cpuSeconds)} s`,
    `${rounded(result.megabytes, 0)} MB`,
    String(result.atOnceMax),
  ];
  return table(head, [
    row(own, `${rounded(own.storedSeconds)} s`),
    ...others.map((result) => row(result, '')),
  ]);
}

function steadyTable(steady: SteadyState): string {
  return table(
    ['figure', 'measured', 'goal'],
    [
      ['sources, each every minute', String(steady.sources), '1,000'],
      ['lateness: median', `${rounded(steady.latenessP50Ms, 0)} ms`, ''],
      ['lateness: 95th percentile', `${rounded(steady.latenessP95Ms, 0)} ms`, '1,000 ms'],
      ['lateness: longest', `${rounded(steady.latenessMaxMs, 0)} ms`, ''],
      ['server: CPU, of one core', `${rounded(steady.serverPercent)} %`, ''],
      ['worker: CPU, of one core', `${rounded(steady.workerPercent)} %`, ''],
      ['server: memory', `${rounded(steady.serverMegabytes, 0)} MB`, ''],
      ['worker: memory', `${rounded(steady.workerMegabytes, 0)} MB`, ''],
      ['history events of a source-day', rounded(steady.eventsPerDay, 0), ''],
    ],
  );
}
