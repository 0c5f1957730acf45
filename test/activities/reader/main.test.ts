/**
 * Goal: the program behaves in a pipeline: it starts quickly, waits for a slow reader, ends with its reader and when it is
 * asked to. Method: the compiled program behind real pipes.
 */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ReaderSpec } from '../../../activities/reader/index.js';
import { serveHttp, type LocalServer } from './support/hostile-server.js';
import { compiledReaderCommand, readEventFile, startReader, until } from './support/reader-program.js';

let server: LocalServer;
let folder: string;
let answer: (response: ServerResponse) => void;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-main-'));
  server = await serveHttp((_request, response) => answer(response));
});

afterEach(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

async function commandFor(spec: Omit<ReaderSpec, 'url'>): Promise<string[]> {
  const specFile = join(folder, 'spec.json');
  await writeFile(specFile, JSON.stringify({ url: server.url, ...spec }));
  return compiledReaderCommand(specFile);
}

/** Runs `reader 5>events | behind` in a shell, as custody does. */
async function pipeline(command: readonly string[], behind: string): Promise<void> {
  const script = `"$@" 5>'${join(folder, 'events')}' | ${behind}`;
  const child = spawn('sh', ['-c', script, 'sh', ...command], { cwd: folder, stdio: 'ignore' });
  await once(child, 'close');
}

describe('the reader program', () => {
  it('ends with output_closed when its reader is gone', async () => {
    answer = (response) => {
      response.writeHead(200);
      const timer = setInterval(() => response.write(Buffer.alloc(10_000)), 50);
      response.once('close', () => clearInterval(timer));
    };
    await pipeline(await commandFor({ format: 'auto' }), 'head -c 5000 >taken');
    const events = await readEventFile(join(folder, 'events'));
    expect(events.at(-1)).toMatchObject({ type: 'end', reason: 'output_closed' });
    expect(await readFile(join(folder, 'taken'))).toHaveLength(5_000);
  });

  it('hands every byte over through a pipe to a slow reader', async () => {
    const bytes = Buffer.alloc(3_000_000, 'media');
    answer = (response) => response.writeHead(200).end(bytes);
    await pipeline(await commandFor({ format: 'auto' }), '(sleep 1; cat >taken)');
    expect((await readFile(join(folder, 'taken'))).equals(bytes)).toBe(true);
    expect((await readEventFile(join(folder, 'events'))).at(-1)).toMatchObject({ reason: 'eof' });
  });

  it('makes the source wait while its own reader does', async () => {
    let sent = 0;
    answer = (response) => {
      response.writeHead(200);
      const send = (): void => {
        sent += 100_000;
        if (sent < 200_000_000) response.write(Buffer.alloc(100_000), send);
      };
      send();
    };
    const command = await commandFor({ format: 'auto' });
    const child = spawn('sh', ['-c', '"$@" 5>/dev/null | sleep 60', 'sh', ...command], {
      stdio: 'ignore',
      detached: true,
    });
    await until(() => sent > 0);
    let before = -1;
    while (before !== sent) {
      before = sent;
      await new Promise((resolve) => setTimeout(resolve, 1_000));
    }
    process.kill(-(child.pid ?? 0), 'SIGKILL');
    expect(sent).toBeLessThan(50_000_000);
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('ends as stopped on %s, status 0', async (signal) => {
    answer = (response) => response.writeHead(200).write('media');
    const reader = await startReader({ url: server.url, format: 'auto' });
    await until(() => reader.mediaBytes() > 0);
    reader.child.kill(signal);
    const { status, end, media } = await reader.ended;
    expect(status).toBe(0);
    expect(end.reason).toBe('stopped');
    expect(media.toString()).toBe('media');
  });

  it('ends as stopped although nobody takes what it holds', async () => {
    answer = (response) => response.writeHead(200).end(Buffer.alloc(5_000_000));
    const command = await commandFor({ format: 'auto' });
    const events = join(folder, 'events');
    const script = `"$@" 5>'${events}' | sleep 60`;
    const child = spawn('sh', ['-c', script, 'sh', ...command], { stdio: 'ignore', detached: true });
    await until(() => existsSync(events) && readFileSync(events, 'utf8').includes('"open"'));
    const pid = await readerPid(child.pid ?? 0);
    process.kill(pid, 'SIGTERM');
    await until(() => !existsSync(`/proc/${pid}`));
    process.kill(-(child.pid ?? 0), 'SIGKILL');
    expect((await readEventFile(events)).at(-1)).toMatchObject({ type: 'end', reason: 'stopped' });
  });

  it('writes its facts to stderr when fd 5 is not open', async () => {
    answer = (response) => response.writeHead(404).end();
    const [program = '', ...parameters] = await commandFor({ format: 'auto' });
    const child = spawn(program, parameters, { stdio: ['ignore', 'ignore', 'pipe'] });
    let text = '';
    child.stderr.setEncoding('utf8').on('data', (part: string) => (text += part));
    await once(child, 'close');
    expect(JSON.parse(text)).toMatchObject({ type: 'end', reason: 'error', httpStatus: 404 });
    expect(child.exitCode).toBe(1);
  });

  it('writes its facts into a pipe on fd 5', async () => {
    answer = (response) => response.writeHead(404).end();
    const facts = join(folder, 'facts');
    const script = `{ "$@" 5>&1 >/dev/null; } | cat >'${facts}'`;
    const child = spawn('sh', ['-c', script, 'sh', ...(await commandFor({ format: 'auto' }))]);
    await once(child, 'close');
    expect((await readEventFile(facts)).at(-1)).toMatchObject({ type: 'end', httpStatus: 404 });
  });

  it('stays small while it reads', async () => {
    answer = (response) => {
      response.writeHead(200);
      const timer = setInterval(() => response.write(Buffer.alloc(20_000)), 10);
      response.once('close', () => clearInterval(timer));
    };
    const reader = await startReader({ url: server.url, format: 'mpegts' });
    await until(() => reader.mediaBytes() > 3_000_000);
    const status = await readFile(`/proc/${reader.child.pid ?? 0}/status`, 'utf8');
    reader.child.kill('SIGTERM');
    await reader.ended;
    expect(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1])).toBeLessThan(75_000);
  });
});

/** The child of the shell that is our program. */
async function readerPid(shellPid: number): Promise<number> {
  const children = await readFile(`/proc/${shellPid}/task/${shellPid}/children`, 'utf8');
  for (const pid of children.trim().split(' ').map(Number)) {
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8');
    if (command.includes('main.js')) return pid;
  }
  throw new Error('the reader is not running');
}
