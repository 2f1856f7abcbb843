// What is chosen as a CSV file, made on the device: nobody learns what was looked for.
import { WITHHELD } from "./adding.js";

/** As palermo writes CSV: signs that a spreadsheet would take for a formula get an apostrophe. */
const safe = (text) => (/^[=+\-@\t\r]/.test(text) ? `'${text}` : text);
const field = (value) => {
  const text = typeof value === "number" ? String(value) : safe(String(value));
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

export function csv(found, words) {
  const cell = (value) => value === WITHHELD ? words.withheld : value ?? "";
  const lines = [
    [found.rowsBy, ...found.columns.map(({ label }) => label)],
    ...found.rows.map((row, at) => [row.label, ...found.cells[at].map(cell)]),
  ];
  if (found.sums) lines.push([words.sum, ...found.sums.map((sum) => sum.why === "withheld" ? words.withheld : sum.value ?? "")]);
  lines.push([], [words.source]);
  return "\ufeff" + lines.map((line) => line.map(field).join(",") + "\r\n").join("");
}

export function handOut(found, words) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([csv(found, words)], { type: "text/csv" }));
  link.download = words.file;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
