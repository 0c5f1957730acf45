import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const FILLER_STEP_BYTES = 65_536;

/** A real file system of its own, small enough to be filled. */
export class SmallDisk {
  readonly path: string;
  readonly #overlays: string[] = [];
  #fillers = 0;

  /** Mounts it over a folder, which may be missing yet; over a temporary one unless told. */
  constructor(megabytes: number, path?: string) {
    this.path = path ?? mkdtempSync(join(tmpdir(), 'holdfast-disk-'));
    mkdirSync(this.path, { recursive: true });
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', this.path]);
  }

  get freeBytes(): number {
    const { bavail, bsize } = statfsSync(this.path);
    return bavail * bsize;
  }

  /** Fills the disk until this much is free. */
  fillUntil(freeBytes: number): void {
    try {
      while (this.freeBytes > freeBytes) {
        this.#fillers += 1;
        const bytes = Math.max(4_096, Math.min(FILLER_STEP_BYTES, this.freeBytes - freeBytes));
        writeFileSync(this.#fillerPath(this.#fillers), Buffer.alloc(bytes, 1));
      }
    } catch {
      // Full to the last byte.
    }
  }

  /** Takes everything away that filled it. */
  free(): void {
    for (; this.#fillers > 0; this.#fillers -= 1) rmSync(this.#fillerPath(this.#fillers), { force: true });
  }

  /** Lays a read-only view of a folder over it. */
  makeReadOnly(folder: string): void {
    execFileSync('mount', ['--bind', folder, folder]);
    execFileSync('mount', ['-o', 'remount,ro,bind', folder]);
    this.#overlays.push(folder);
  }

  makeWritable(): void {
    for (const folder of this.#overlays.splice(0)) execFileSync('umount', ['--lazy', folder]);
  }

  remove(): void {
    this.makeWritable();
    execFileSync('umount', ['--lazy', this.path]);
    rmSync(this.path, { recursive: true, force: true });
  }

  #fillerPath(number: number): string {
    return join(this.path, `filler-${number}`);
  }
}
