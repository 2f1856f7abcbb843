// The explorer of a published table: shows, sums and draws what the page holds anyway. It asks no server.
import { TOTAL, WITHHELD, chosen, sums } from "./explore/adding.js";
import { draw } from "./explore/drawing.js";
import { handOut } from "./explore/file.js";

const box = document.querySelector("[data-explore]");
const parts = JSON.parse(document.getElementById("explore-parts").textContent);
const words = box.dataset;
const at = (name) => box.querySelector(`[data-at=${name}]`);
const numbers = new Intl.NumberFormat(`${document.documentElement.lang}-u-nu-latn`, { maximumFractionDigits: 2 });
const MOST_COLUMNS = 7; // that stand beside each other at first

const said = (cell) => cell === WITHHELD ? words.withheld : cell === null ? words.unknown : numbers.format(cell);

function element(name, text, set = {}) {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  for (const [key, value] of Object.entries(set)) made.setAttribute(key, value);
  return made;
}

const part = () => parts[Number(at("part").value)];
const ticked = (name) => new Set([...at(name).querySelectorAll("input:checked")].map((input) => input.value));

/** The boxes of one side; of many columns the last ones are ticked, and the total. */
function offer(name, title, codes, most = Infinity) {
  const first = codes.length > most ? codes.length - most : 0;
  at(`${name}-title`).textContent = title;
  at(name).replaceChildren(...codes.map(({ code, label }, place) => {
    const line = element("label", undefined, { class: "form-check" });
    const input = element("input", undefined, { type: "checkbox", class: "form-check-input", value: code });
    input.checked = place >= first || code === TOTAL;
    line.append(input, element("span", label, { class: "form-check-label" }));
    return line;
  }));
}

function begin() {
  offer("rows", part().rows_by, part().rows);
  offer("columns", part().columns_by, part().columns, MOST_COLUMNS);
  show();
}

function now() {
  const asked = { rows: ticked("rows"), columns: ticked("columns"), turned: at("turned").checked };
  const found = chosen(part(), asked);
  return { ...found, title: part().title, sums: at("add").checked ? sums(found) : null };
}

function show() {
  const found = now();
  const refused = at("add").checked && !found.adds;
  const lacking = found.sums?.some((sum) => sum.why);
  at("told").textContent = refused ? words.overlapping : lacking ? words.lacking : "";
  at("result").replaceChildren(table(found));
  at("chart").replaceChildren(...draw(found, words, said));
  at("file").disabled = !found.rows.length || !found.columns.length;
}

function table(found) {
  if (!found.rows.length || !found.columns.length) return element("p", words.nothing);
  const made = element("table", undefined, { class: "table table-stack" });
  made.append(element("caption", found.title));
  const head = made.createTHead().insertRow();
  head.append(element("th", found.rowsBy, { scope: "col" }));
  head.append(...found.columns.map(({ label }) => element("th", label, { scope: "col", class: "num" })));
  const body = made.createTBody();
  found.rows.forEach((row, place) => line(body, row.label, found.cells[place], found));
  if (found.sums) {
    const cells = found.sums.map((sum) => sum.why === "withheld" ? WITHHELD : sum.why ? null : sum.value);
    line(made.createTFoot(), words.sum, cells, found);
  }
  return made;
}

function line(into, label, cells, found) {
  const row = into.insertRow();
  row.append(element("th", label, { scope: "row" }));
  cells.forEach((cell, place) => {
    const suppressed = cell === WITHHELD ? " suppressed" : "";
    const made = element("td", undefined, { class: `num${suppressed}`, "data-label": found.columns[place].label });
    made.append(element("span", said(cell)));
    row.append(made);
  });
}

at("part").replaceChildren(...parts.map(({ title }, place) => element("option", title, { value: place })));
at("part").addEventListener("change", begin);
at("file").addEventListener("click", () => handOut(now(), words));
for (const name of ["rows", "columns", "turned", "add"]) at(name).addEventListener("change", show);
box.addEventListener("click", ({ target }) => {
  const side = target.dataset.all ?? target.dataset.none;
  if (!side) return;
  for (const input of at(side).querySelectorAll("input")) input.checked = "all" in target.dataset;
  show();
});
box.hidden = false;
begin();
