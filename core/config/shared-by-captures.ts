import { hubOfCapture } from '../hub.js';
import { captureInputSchema } from './capture-input.js';
import { valueAt } from './introspect.js';
import type { ConfigProblem } from './problems.js';

/** Anything else is a problem of that key and told there. */
const HUB_ADDRESS = /^239\.255\.\d{1,3}\.\d{1,3}$/;

/** A capture of the document as written, as far as it can be read. */
interface WrittenCapture {
  readonly index: number;
  readonly id: string;
  /** Captures that name no host are taken for captures of one host: nothing keeps them apart. */
  readonly host: string | undefined;
  readonly entry: unknown;
}

/** Two captures of a host cannot share a hub: the outputs of each would record both. */
export function sharedHubs(input: unknown): ConfigProblem[] {
  const hubs = capturesOf(input).flatMap((capture) => {
    const configured = valueAt(capture.entry, ['hub']);
    if (configured !== undefined && !isHubAddress(configured)) return [];
    return [{ ...capture, configured, address: hubOfCapture({ id: capture.id, hub: configured }).address }];
  });
  const taken = new Set(hubs.map(({ address }) => address));
  const repeated = repeatedOnHost(hubs, ({ address }) => address);
  // An id that stands twice is a mistake of its own.
  return repeated
    .filter(({ again, first }) => again.id !== first.id)
    .map(({ again, first }) => ({
      path: ['captures', again.index, 'hub'],
      value: again.configured,
      message: `capture/${again.id} would use the hub ${again.address} of capture/${first.id} on the same host; set hub: to another address, e.g. hub: ${freeNeighbour(again.address, taken)}`,
    }));
}

/** Two captures of a host that read one device: only one of them can run at a time, which may be meant so. */
export function sharedDevices(input: unknown): ConfigProblem[] {
  const readers = capturesOf(input).flatMap((capture) => {
    const { data } = captureInputSchema.safeParse(valueAt(capture.entry, ['input']));
    return data?.kind === 'v4l2' ? [{ ...capture, device: data.device }] : [];
  });
  const repeated = repeatedOnHost(readers, ({ device }) => device);
  return repeated.map(({ again, first }) => ({
    path: ['captures', again.index, 'input', 'device'],
    value: again.device,
    message: `capture/${first.id} reads ${again.device} on the same host too; only one of them can run at a time`,
  }));
}

/** Two pushes of a host to one address: a server takes one of them, and only one is let run. */
export function sharedTargets(input: unknown): ConfigProblem[] {
  const pushes = capturesOf(input).flatMap((capture) => {
    const outputs = valueAt(capture.entry, ['outputs']);
    return (Array.isArray(outputs) ? outputs : []).flatMap((output: unknown, place) => {
      const url = valueAt(output, ['kind']) === 'push' ? valueAt(output, ['url']) : undefined;
      if (typeof url !== 'string') return [];
      return [{ ...capture, url, place, name: String(valueAt(output, ['name'])) }];
    });
  });
  return repeatedOnHost(pushes, ({ url }) => url).map(({ again, first }) => ({
    path: ['captures', again.index, 'outputs', again.place, 'url'],
    // It may hold a stream key.
    value: undefined,
    message: `output ${first.name} of capture/${first.id} sends to the same address; only one of them can run at a time`,
  }));
}

function capturesOf(input: unknown): WrittenCapture[] {
  const captures = valueAt(input, ['captures']);
  if (!Array.isArray(captures)) return [];
  return captures.flatMap((entry: unknown, index): WrittenCapture[] => {
    const [id, host] = [valueAt(entry, ['id']), valueAt(entry, ['host'])];
    if (typeof id !== 'string') return [];
    return [{ index, id, host: typeof host === 'string' ? host : undefined, entry }];
  });
}

function repeatedOnHost<Capture extends WrittenCapture>(
  captures: readonly Capture[],
  keyOf: (capture: Capture) => string,
): { readonly again: Capture; readonly first: Capture }[] {
  const firsts = new Map<string, Capture>();
  return captures.flatMap((again) => {
    const key = JSON.stringify([again.host, keyOf(again)]);
    const first = firsts.get(key);
    firsts.set(key, first ?? again);
    return first === undefined ? [] : [{ again, first }];
  });
}

function isHubAddress(value: unknown): value is string {
  return typeof value === 'string' && HUB_ADDRESS.test(value);
}

/** The next address that no capture of the file uses. */
function freeNeighbour(address: string, taken: ReadonlySet<string>): string {
  const [, , third = 0, fourth = 0] = address.split('.').map(Number);
  const start = third * 256 + fourth;
  for (let step = 1; step <= taken.size + 1; step += 1) {
    const place = (start + step) % 65_536;
    const candidate = `239.255.${place >> 8}.${place & 0xff}`;
    if (!taken.has(candidate)) return candidate;
  }
  return address;
}
