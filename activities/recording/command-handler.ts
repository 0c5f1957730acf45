import { PlanError, type RunHandler } from '../custody/handler.js';

/** Makes the handler of recipes `command`: the command as it stands, nothing to watch and nothing to close. */
export function createCommandHandler(): RunHandler {
  return {
    plan: async (spec, paths) => {
      const { recipe } = spec;
      if (recipe.kind !== 'command' || recipe.argv.length === 0) {
        const text = recipe.kind === 'command' ? 'the command is empty' : `no command: ${recipe.kind}`;
        throw new PlanError(text, { role: 'pipeline', text });
      }
      return {
        stages: [{ argv: recipe.argv }],
        cwd: paths.runDir,
        progress: recipe.progress,
        secrets: [],
      };
    },
    watch: () => ({
      tick: async () => undefined,
      collectEvidence: async () => ({}),
      finalize: async () => undefined,
    }),
  };
}
