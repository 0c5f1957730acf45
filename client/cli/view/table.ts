import type { Colours } from './colours.js';
import { cellsOf, cutToCells, padToCells, plainText } from './text-width.js';

/** A column of a table over rows of one type. */
export interface Column<Row> {
  readonly title: string;
  readonly value: (row: Row) => string;
  readonly align?: 'left' | 'right';
  /** Gives way when the table is wider than the terminal; the least important first (highest number). */
  readonly dropOrder?: number;
  /** Takes what room is left and is cut to it. One column at most. */
  readonly flexible?: boolean;
  readonly paint?: (row: Row, text: string) => string;
}

const GAP = '  ';
/** A flexible column narrower than this says nothing: another column is dropped first. */
const FLEXIBLE_CELLS_MIN = 16;

/** Renders a table that is at most `width` cells wide, one line a row, titles first. */
export function renderTable<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  width: number,
  colours: Colours,
): string[] {
  const cells = new Map(columns.map((column) => [column, rows.map((row) => plainText(column.value(row)))]));
  const used = columns.filter((column) => (cells.get(column) ?? []).some((text) => text !== ''));
  const natural = new Map(used.map((column) => [column, naturalWidth(column, cells.get(column) ?? [])]));
  const kept = dropUntilFits(used, natural, width);
  const widths = new Map(kept.map((column) => [column, fittedWidth(column, kept, natural, width)]));
  const line = (
    textOf: (column: Column<Row>) => string,
    paint: (column: Column<Row>, text: string) => string,
  ) =>
    kept
      .map((column, index) => {
        const cellWidth = widths.get(column) ?? 0;
        const text = cutToCells(textOf(column), cellWidth);
        const last = index === kept.length - 1 && column.align !== 'right';
        return paint(column, last ? text : padToCells(text, cellWidth, column.align));
      })
      .join(GAP);
  return [
    line(
      (column) => column.title,
      (_column, text) => colours.dim(text),
    ),
    ...rows.map((row, index) =>
      line(
        (column) => cells.get(column)?.[index] ?? '',
        (column, text) => column.paint?.(row, text) ?? text,
      ),
    ),
  ];
}

function naturalWidth<Row>(column: Column<Row>, texts: readonly string[]): number {
  return texts.reduce((widest, text) => Math.max(widest, cellsOf(text)), cellsOf(column.title));
}

function leastWidth<Row>(column: Column<Row>, natural: ReadonlyMap<Column<Row>, number>): number {
  const width = natural.get(column) ?? 0;
  return column.flexible === true ? Math.min(width, FLEXIBLE_CELLS_MIN) : width;
}

function dropUntilFits<Row>(
  columns: readonly Column<Row>[],
  natural: ReadonlyMap<Column<Row>, number>,
  width: number,
): Column<Row>[] {
  let kept = [...columns];
  for (;;) {
    const needed = kept.reduce((sum, column) => sum + leastWidth(column, natural) + GAP.length, -GAP.length);
    const droppable = kept.filter((column) => column.dropOrder !== undefined);
    if (needed <= width || droppable.length === 0) return kept;
    const least = Math.max(...droppable.map((column) => column.dropOrder ?? 0));
    kept = kept.filter((column) => column.dropOrder !== least);
  }
}

function fittedWidth<Row>(
  column: Column<Row>,
  kept: readonly Column<Row>[],
  natural: ReadonlyMap<Column<Row>, number>,
  width: number,
): number {
  const own = natural.get(column) ?? 0;
  if (column.flexible !== true) return Math.min(own, width);
  const others = kept
    .filter((other) => other !== column)
    .reduce((sum, other) => sum + (natural.get(other) ?? 0) + GAP.length, 0);
  return Math.max(0, Math.min(own, width - others));
}
