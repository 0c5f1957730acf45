// A file is one idea and a function fits a screen: measured on the syntax tree, so that formatting cannot hide a long one.
import { describe, expect, it } from '@jest/globals';
import { parseSync } from '@swc/core';
import { read, repositoryFiles, sourceFiles } from './repository.js';

const FILE_LINES_MAX = 300;
const FILE_LINES_USUAL = 150;
const FUNCTION_LINES_MAX = 70;
const FUNCTIONS = new Set([
  'FunctionDeclaration',
  'FunctionExpression',
  'ArrowFunctionExpression',
  'ClassMethod',
  'PrivateMethod',
  'Constructor',
  'MethodProperty',
]);

interface SyntaxNode {
  readonly type: string;
  readonly span: { readonly start: number; readonly end: number };
}

function isNode(value: unknown): value is SyntaxNode {
  return typeof value === 'object' && value !== null && 'type' in value && 'span' in value;
}

/** Lines of every function of a file. */
function functionLengths(source: string): number[] {
  // The semicolon pins the parser's first offset to the start of the text.
  const text = Buffer.from(`;${source}`);
  const module = parseSync(text.toString(), { syntax: 'typescript', target: 'es2022' });
  const base = module.span.start;
  const lengths: number[] = [];
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) return value.forEach(visit);
    if (typeof value !== 'object' || value === null) return;
    if (isNode(value) && FUNCTIONS.has(value.type)) {
      const body = text.subarray(value.span.start - base, value.span.end - base).toString();
      lengths.push(body.split('\n').length);
    }
    Object.values(value).forEach(visit);
  };
  visit(module.body);
  return lengths;
}

const sources = sourceFiles();

describe('sizes', () => {
  it('measures functions by their lines', () => {
    const long = `export function a() {\n${'  call();\n'.repeat(80)}}\nconst b = () => 1;\n`;
    expect(functionLengths(long)).toEqual([82, 1]);
  });

  it('keeps every function within 70 lines', () => {
    const long = sources.flatMap((path) =>
      functionLengths(read(path))
        .filter((lines) => lines > FUNCTION_LINES_MAX)
        .map((lines) => `${path}: ${lines}`),
    );
    expect(long).toEqual([]);
  });

  it('keeps every file within 300 lines and most within 150', () => {
    const code = repositoryFiles().filter(
      (path) => /\.(ts|mjs|sh)$/.test(path) && !path.includes('fixtures/'),
    );
    const lengths = code.map((path) => ({ path, lines: read(path).split('\n').length - 1 }));
    expect(lengths.filter(({ lines }) => lines > FILE_LINES_MAX)).toEqual([]);
    const usual = lengths.filter(({ lines }) => lines <= FILE_LINES_USUAL);
    expect(usual.length / lengths.length).toBeGreaterThan(0.8);
  });
});
