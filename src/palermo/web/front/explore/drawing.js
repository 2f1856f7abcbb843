// Bars of one column, as wide as their share of the widest; what is withheld has no length and says so.
import { TOTAL, WITHHELD } from "./adding.js";

const SVG = "http://www.w3.org/2000/svg";
const MOST = 30;

/** The column that says most: the total where it is chosen, else the one with the most shown figures. */
function drawn({ columns, cells }) {
  const place = columns.findIndex(({ code }) => code === TOTAL);
  if (place >= 0) return place;
  const shown = columns.map((_, at) => cells.filter((line) => typeof line[at] === "number").length);
  return shown.indexOf(Math.max(...shown));
}

function bar(share) {
  const picture = document.createElementNS(SVG, "svg");
  for (const [key, value] of Object.entries({ class: "explore-bar", viewBox: "0 0 100 10", preserveAspectRatio: "none" })) {
    picture.setAttribute(key, value);
  }
  picture.setAttribute("aria-hidden", "true");
  const rect = document.createElementNS(SVG, "rect");
  const width = 100 * share;
  const right = getComputedStyle(document.documentElement).direction === "rtl" ? 100 - width : 0;
  for (const [key, value] of Object.entries({ x: right, y: 0, width, height: 10 })) rect.setAttribute(key, value);
  picture.append(rect);
  return picture;
}

export function draw(found, words, said) {
  const rows = found.rows.map((row, at) => [row, at]).filter(([row]) => row.code !== TOTAL);
  if (!found.columns.length || rows.length < 2) return [];
  const place = drawn(found);
  const lines = rows.map(([row, at]) => [row.label, found.cells[at][place]]);
  const most = Math.max(...lines.map(([, cell]) => typeof cell === "number" ? cell : 0), 1);
  const title = document.createElement("p");
  title.className = "chart-note";
  title.textContent = words.drawn.replace("{column}", found.columns[place].label);
  const list = document.createElement("ul");
  list.className = "explore-bars list-unstyled";
  for (const [label, cell] of lines.slice(0, MOST)) {
    const item = document.createElement("li"), name = document.createElement("span"), value = document.createElement("span");
    name.textContent = label;
    value.textContent = said(cell);
    value.className = cell === WITHHELD ? "suppressed" : "num";
    item.append(name, bar(typeof cell === "number" ? cell / most : 0), value);
    list.append(item);
  }
  return [title, list];
}
