// What the explorer may say. A cell is a number (shown), null (no source gave it) or "withheld".
// An answer is a shown cell or a sum of shown cells, each of which is on the page anyway: nothing is ever taken away from
// anything, and a sum that lacks a part is not given, with the reason.

export const WITHHELD = "withheld";
export const TOTAL = "Total";

/** The sum of cells: {value}, or {why} where a part is withheld or not known. */
export function added(cells) {
  if (cells.includes(WITHHELD)) return { why: "withheld" };
  if (!cells.length || cells.some((cell) => cell === null || cell === undefined)) return { why: "unknown" };
  return { value: cells.reduce((sum, cell) => sum + cell, 0) };
}

/** A part with the chosen codes alone, rows for columns where asked. `adds`: which of its sides may be added up. */
export function chosen(part, { rows, columns, turned }) {
  const lines = part.rows.map((row, at) => [row, at]).filter(([row]) => rows.has(row.code));
  const places = part.columns.map((column, at) => [column, at]).filter(([column]) => columns.has(column.code));
  const found = {
    rowsBy: part.rows_by, columnsBy: part.columns_by, adds: part.adds_rows,
    rows: lines.map(([row]) => row), columns: places.map(([column]) => column),
    cells: lines.map(([, line]) => places.map(([, place]) => part.cells[line][place])),
  };
  if (!turned) return found;
  return {
    rowsBy: found.columnsBy, columnsBy: found.rowsBy, adds: part.adds_columns, rows: found.columns, columns: found.rows,
    cells: found.columns.map((_, place) => found.rows.map((_, line) => found.cells[line][place])),
  };
}

/** For each column the sum of the chosen rows, their total not among them; null where the rows cannot be added up. */
export function sums(found) {
  if (!found.adds) return null;
  const parts = found.rows.map((row, at) => [row, at]).filter(([row]) => row.code !== TOTAL);
  return found.columns.map((_, place) => added(parts.map(([, line]) => found.cells[line][place])));
}
