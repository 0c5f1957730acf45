/**
 * The engines that fetchers read answers with say here what they cannot use: null when they can use a text, otherwise why not, empty
 * where they do not say. They are loaded only when a file needs them.
 */

/** Elements that are written out are made, not found. */
const MARKUP = /<[a-z]/i;

/** What is wrong with a CSS selector. */
export async function selectorFault(selector: string): Promise<string | null> {
  if (selector.trim() === '' || MARKUP.test(selector)) return '';
  const { load } = await import('cheerio/slim');
  return faultOf(() => load('<p></p>')('p').is(selector));
}

interface ExpressionNode {
  readonly type?: string;
  readonly name?: unknown;
  readonly children?: readonly ExpressionNode[];
}

/** The types of the package leave this function out. */
interface Jmespath {
  search(document: unknown, expression: string): unknown;
  compile(expression: string): ExpressionNode;
}

/** What is wrong with a JMESPath expression. */
export async function jmespathFault(expression: string): Promise<string | null> {
  const jmespath = (await import('jmespath')).default as unknown as Jmespath;
  return faultOf(() => {
    for (const name of functionsIn(jmespath.compile(expression))) {
      if (!isFunction(jmespath, name)) throw new Error(`unknown function ${name}`);
    }
  });
}

function functionsIn(node: ExpressionNode): string[] {
  const own = node.type === 'Function' ? [String(node.name)] : [];
  return [...own, ...(node.children ?? []).flatMap(functionsIn)];
}

/** Called without arguments, a function that there is complains about these. */
function isFunction(jmespath: Jmespath, name: string): boolean {
  return !/^unknown function/i.test(faultOf(() => jmespath.search(null, `${name}()`)) ?? '');
}

function faultOf(use: () => unknown): string | null {
  try {
    use();
    return null;
  } catch (error) {
    // A fault of the engine's own, at which it stumbles instead of saying what is wrong.
    return error instanceof TypeError ? '' : (error as Error).message;
  }
}
