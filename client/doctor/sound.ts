import { constants } from 'node:fs';
import { access, readFile, readlink } from 'node:fs/promises';
import { ok, problem, type CheckResult } from './check-result.js';

/** `hw:1,0`, `plughw:HDMI,0`, `hw:CARD=HDMI,DEV=0`: the forms that name a card. */
const CARD_AND_DEVICE = /^(?:plug)?hw:(?:CARD=)?([^,]+?)(?:,(?:DEV=)?(\d+))?$/;

/** The ALSA capture device of a capture is there and may be read. Names that only ALSA can resolve are not judged. */
export async function checkSound(name: string, device: string): Promise<readonly CheckResult[]> {
  const check = `${name} sound ${device}`;
  const match = CARD_AND_DEVICE.exec(device);
  if (match === null) return [ok(check, 'a name of the ALSA configuration; it shows when it is used')];
  const card = await cardNumber(match[1] ?? '');
  if (card === undefined) {
    const mend = `plug it in or correct its name; ${await captureDevices()}`;
    return [problem(check, 'there is no such card', mend, true)];
  }
  return [await checkNode(check, `/dev/snd/pcmC${card}D${match[2] ?? '0'}c`)];
}

async function checkNode(check: string, node: string): Promise<CheckResult> {
  try {
    await access(node, constants.R_OK);
    return ok(check, `${node} can be read`);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EACCES') {
      const mend = `add the user to its group: usermod -aG audio ${process.env['USER'] ?? 'USER'}`;
      return problem(check, `${node}: permission denied`, mend, true);
    }
    const mend = `plug it in or correct its name; ${await captureDevices()}`;
    return problem(check, `${node} is not there`, mend, true);
  }
}

/** Number of a card given by number or by id; `/proc/asound/<id>` is a link to `card<number>`. */
async function cardNumber(card: string): Promise<string | undefined> {
  const folder = /^\d+$/.test(card) ? `/proc/asound/card${card}` : `/proc/asound/${card}`;
  try {
    if (/^\d+$/.test(card)) {
      await access(folder);
      return card;
    }
    return /^card(\d+)$/.exec(await readlink(folder))?.[1];
  } catch {
    return undefined;
  }
}

/** What could be meant: lines like `01-00: HDMI : HDMI Capture : capture 1`. */
async function captureDevices(): Promise<string> {
  const list = await readFile('/proc/asound/pcm', 'utf8').catch(() => '');
  const devices = list.split('\n').flatMap((line) => {
    const match = /^(\d+)-(\d+): ([^:]*?)\s*:.*capture/.exec(line);
    return match === null ? [] : [`hw:${Number(match[1])},${Number(match[2])} (${match[3] ?? ''})`];
  });
  return devices.length === 0 ? 'this machine has no ALSA capture devices' : `found: ${devices.join(', ')}`;
}
