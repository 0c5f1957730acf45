import { describe, expect, it } from '@jest/globals';
import { read, sourceFiles } from '../house/repository.js';

// `workflows/preload.ts` has all workflows of a worker share what is in core/ and workflows/: anything kept there would go from one to another.
describe('what workflows share', () => {
  const files = sourceFiles().filter((file) => /^(?:core|workflows)\//.test(file));

  it('holds no variable that can be set anew', () => {
    expect(files.length).toBeGreaterThan(50);
    expect(files.filter((file) => /^(?:export )?(?:let|var)\s/m.test(read(file)))).toEqual([]);
  });

  it('holds no collection that something can be put into', () => {
    const collection =
      /^(?:export )?const \w+(: (?!Readonly)[^=]*)? = (?:new (?:Map|WeakMap|WeakSet)\b|\[\];|\{\};)/m;
    expect(files.filter((file) => collection.test(read(file)))).toEqual([]);
  });

  it('asks no pattern that remembers where it stopped', () => {
    const remembering = files.flatMap((file) =>
      [...read(file).matchAll(/const (\w+)(?:: RegExp)? =\s*\/.*\/[a-z]*[gy][a-z]*;/g)].flatMap(
        ([, name = '']) =>
          new RegExp(`\\b${name}\\.(?:test|exec)\\(`).test(read(file)) ? [`${file}: ${name}`] : [],
      ),
    );
    expect(remembering).toEqual([]);
  });
});
