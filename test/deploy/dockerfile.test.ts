// The image is not built here; the file is parsed and held to what a container of it must be.
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { DockerfileParser, type Dockerfile } from 'dockerfile-ast';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const dockerfile: Dockerfile = DockerfileParser.parse(readFileSync(`${ROOT}Dockerfile`, 'utf8'));
const ignored = readFileSync(`${ROOT}.dockerignore`, 'utf8').trim().split('\n');

/** Arguments of every instruction of one kind, e.g. `COPY`. */
function argumentsOf(keyword: string): string[] {
  return dockerfile
    .getInstructions()
    .filter((instruction) => instruction.getKeyword() === keyword)
    .map((instruction) => instruction.getArgumentsContent() ?? '');
}

describe('the Dockerfile', () => {
  it('has only known instructions and two stages of a pinned base', () => {
    const known = new Set(
      'ARG CMD COPY ENTRYPOINT ENV FROM HEALTHCHECK RUN STOPSIGNAL USER VOLUME WORKDIR'.split(' '),
    );
    for (const instruction of dockerfile.getInstructions()) expect(known).toContain(instruction.getKeyword());
    const images = dockerfile.getFROMs().map((from) => from.getImage());
    expect(images).toEqual(['node:20-bookworm-slim', 'node:20-bookworm-slim']);
  });

  it('runs as a user without rights who may use capture devices', () => {
    expect(argumentsOf('USER')).toEqual(['holdfast']);
    expect(argumentsOf('RUN').join('\n')).toContain('--groups video,audio');
  });

  it('brings every program and GStreamer plugin that the set-up asks for', () => {
    const script = readFileSync(`${ROOT}scripts/lib/system.sh`, 'utf8');
    const packages = [...script.matchAll(/^\S+ ((?:ffmpeg|gstreamer|util-linux)\S*)$/gm)].map(
      (match) => match[1],
    );
    expect(packages.length).toBeGreaterThan(5);
    const words = argumentsOf('RUN').join(' ').split(/\s+/);
    for (const name of packages) expect(words).toContain(name);
  });

  it('starts under an init, collects orphans, and says whether it is well', () => {
    expect(dockerfile.getENTRYPOINTs()[0]?.getArgumentsContent()).toContain('"/usr/bin/tini", "-s"');
    expect(dockerfile.getHEALTHCHECKs()).toHaveLength(1);
  });

  it('copies only what exists and is not left out of the build context', () => {
    for (const copied of argumentsOf('COPY').filter((text) => text.startsWith('--from=build'))) {
      const path = /\/build\/(\S+)/.exec(copied)?.[1] ?? '';
      const built = ['node_modules', 'dist'].includes(path);
      expect({ path, exists: built || existsSync(ROOT + path) }).toMatchObject({ exists: true });
      if (!built) expect(ignored).not.toContain(path.split('/')[0]);
    }
  });
});
