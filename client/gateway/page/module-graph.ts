import { readFile } from 'node:fs/promises';
import { dirname, posix, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where modules are served; a module of ours lies below it as it does in the folder of compiled files. */
export const MODULES_PATH = '/dashboard/modules/';
/** Modules of packages lie here by the name of the package. */
const PACKAGES_PATH = `${MODULES_PATH}packages/`;

/** Compiled import and export statements, one on each line; group 2 is what is imported. */
const IMPORTS = /^((?:import|export)\b[^'"\n=]*\bfrom\s*|import\s*)['"]([^'"\n]+)['"]/gm;
const SOURCE_MAPS = /^\/\/# sourceMappingURL=.*$/gm;

/** The page is some dozens of small modules; more of them means that something of the server has slipped in. */
const MODULES_MAX = 120;

interface Place {
  /** Path in the address. */
  readonly address: string;
  readonly file: string;
}

/**
 * Every module that a compiled entry imports, by the path under which it is served. Browsers know no packages: their
 * names are replaced by addresses. Nothing else than these modules can be asked for.
 * @param root folder of compiled files
 * @param entry path of the entry below it, with slashes
 */
export async function readModules(root: string, entry: string): Promise<Map<string, string>> {
  const modules = new Map<string, string>();
  const open: Place[] = [{ address: `${MODULES_PATH}${entry}`, file: posix.join(root, entry) }];
  const seen = new Set(open.map(({ address }) => address));
  for (let place = open.shift(); place !== undefined; place = open.shift()) {
    if (modules.size >= MODULES_MAX) throw new Error(`the page needs more than ${MODULES_MAX} modules`);
    const { file, address } = place;
    const found: Place[] = [];
    const source = (await readFile(file, 'utf8')).replaceAll(SOURCE_MAPS, '');
    const text = source.replaceAll(IMPORTS, (_all, head: string, name: string) => {
      const target = placeOf(root, file, name);
      found.push(target);
      return `${head}'${addressFrom(address, target.address)}'`;
    });
    modules.set(address, text);
    for (const target of found) {
      if (seen.has(target.address)) continue;
      seen.add(target.address);
      open.push(target);
    }
  }
  return modules;
}

/** From one module to another: a proxy may serve them under a path of its own. */
function addressFrom(importer: string, target: string): string {
  const path = posix.relative(posix.dirname(importer), target);
  return path.startsWith('.') ? path : `./${path}`;
}

function placeOf(root: string, importer: string, name: string): Place {
  if (!name.startsWith('.')) return packagePlace(name);
  const file = posix.join(dirname(importer), name);
  const below = relative(root, file).split(sep).join('/');
  if (below.startsWith('..')) throw new Error(`${name} of ${importer} lies outside of the compiled files`);
  return { file, address: `${MODULES_PATH}${below}` };
}

/** Only packages that are one module without imports of their own can be served like this. */
function packagePlace(name: string): Place {
  if (name.startsWith('node:')) throw new Error(`the page imports ${name}, which no browser has`);
  return { file: fileURLToPath(import.meta.resolve(name)), address: `${PACKAGES_PATH}${name}.js` };
}
