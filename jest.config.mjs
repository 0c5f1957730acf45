/**
 * Tests run as ES modules, in two lanes that `npm run jest` runs side by side: those of the whole system, and those of its parts. Most of
 * their time is waiting for real servers and encoders, so two share two cores well; within a lane files run one after another.
 */
const everyLane = {
  testEnvironment: 'node',
  // Between files Jest wraps what it finds on the global object. What is set afterwards, as by a timer of the file before, calls itself
  // without end.
  testEnvironmentOptions: { globalsCleanup: 'off' },
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'es6' } },
    ],
  },
  modulePathIgnorePatterns: ['<rootDir>/dist/'],
};

const wholeSystem = ['e2e', 'faults'].map((folder) => `<rootDir>/test/${folder}`);

export default {
  testTimeout: 60_000,
  maxWorkers: 1,
  // Modules of a finished file are never given back: without a limit, 240 files fill the heap of a process, and its pauses fail tests.
  workerIdleMemoryLimit: '1GB',
  projects: [
    { ...everyLane, displayName: 'system', testMatch: wholeSystem.map((folder) => `${folder}/**/*.test.ts`) },
    {
      ...everyLane,
      displayName: 'parts',
      testMatch: ['<rootDir>/test/**/*.test.ts'],
      testPathIgnorePatterns: wholeSystem.map((folder) => `${folder}/`),
    },
  ],
};
