import type { Recipe, RunSpec } from '../../core/run.js';
import { PlanError } from '../custody/handler.js';

/**
 * The recipe of a run, which has to be of this kind.
 * @throws {PlanError}
 */
export function recipeOf<Kind extends Recipe['kind']>(
  spec: RunSpec,
  kind: Kind,
): Extract<Recipe, { kind: Kind }> {
  if (spec.recipe.kind === kind) return spec.recipe as Extract<Recipe, { kind: Kind }>;
  const text = `the handler of ${kind} cannot run a recipe of kind ${spec.recipe.kind}`;
  throw new PlanError(text, { role: 'pipeline', text });
}
