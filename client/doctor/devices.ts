import { constants } from 'node:fs';
import { access, readdir } from 'node:fs/promises';
import { ok, problem, type CheckResult } from './check-result.js';

const VIDEO_NODE = /^video\d+$/;

/** Capture devices: those that the configuration names must be there and usable; others are listed. */
export async function checkDevices(named: readonly string[]): Promise<readonly CheckResult[]> {
  const present = await listVideoDevices();
  const others = present.filter((device) => !named.includes(device));
  const results = await Promise.all(named.map((device) => checkDevice(device, present)));
  if (named.length > 0) return results;
  const found = others.length === 0 ? 'none found, none configured' : others.join(', ');
  return [ok('capture devices', found)];
}

async function checkDevice(device: string, present: readonly string[]): Promise<CheckResult> {
  const name = `device ${device}`;
  try {
    await access(device, constants.R_OK | constants.W_OK);
    return ok(name, 'can be read and written');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EACCES') {
      const mend = `add the user to its group: usermod -aG video ${process.env['USER'] ?? 'USER'}`;
      return problem(name, 'permission denied', mend, true);
    }
    const choice =
      present.length === 0 ? 'this machine has no video devices' : `found: ${present.join(', ')}`;
    return problem(name, 'not there', `plug it in or correct its path; ${choice}`, true);
  }
}

async function listVideoDevices(): Promise<readonly string[]> {
  const names = await readdir('/dev').catch(() => []);
  return names.filter((name) => VIDEO_NODE.test(name)).map((name) => `/dev/${name}`);
}
