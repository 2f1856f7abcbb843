/** One person by fields instead of signs (data-one-person). What is chosen stands at once as the last line of the form's
 *  text, and the text alone is sent or kept: nothing is lost when the page goes away in the middle of a person. */

const order = ["tag", "age", "sex", "languages", "family", "alone", "urgent"];
const cellsOf = (box) => order.map((name) => box.querySelector(`[data-cell=${name}]`));
const textOf = (box) => box.closest("form").elements.namedItem("lines");
const valueOf = (cell) => cell.type === "checkbox" ? (cell.checked ? cell.value : "") : cell.value.replace(/[;,\t\n]/g, " ").trim();

function write(box) {
  const text = textOf(box), own = box.dataset.line ?? "";
  const line = cellsOf(box).map(valueOf).join("; ").replace(/[; ]+$/, "");
  const before = (own && text.value.endsWith(own) ? text.value.slice(0, -own.length) : text.value).trimEnd();
  text.value = [before, line].filter(Boolean).join("\n");
  box.dataset.line = line;
  count(box);
}

/** The line is finished as it stands; what is chosen next is another person. */
function next(box) {
  begin(box);
  box.querySelector("[data-cell=tag]").focus();
}

function begin(box) {
  box.dataset.line = "";
  for (const cell of cellsOf(box)) {
    if (cell.type === "checkbox") cell.checked = false;
    else cell.value = "";
  }
  count(box);
}

function count(box) {
  const place = box.querySelector("[data-count]");
  const n = textOf(box).value.split("\n").filter((line) => line.trim()).length;
  place.textContent = n ? place.dataset.count.replace("{n}", n) : "";
}

/** Nobody is alone and with a family: what is said last holds. */
function oneOfBoth(box, cell) {
  const [, , , , family, alone] = cellsOf(box);
  if (cell === alone && alone.checked) family.value = "";
  if (cell === family && family.value) alone.checked = false;
}

export function writePersons() {
  document.addEventListener("input", ({ target }) => {
    const box = target.closest("[data-one-person]");
    if (box) {
      oneOfBoth(box, target);
      return write(box);
    }
    // Somebody writes in the text itself: the fields no longer speak of its last line.
    if (target.name === "lines") for (const one of target.form.querySelectorAll("[data-one-person]")) begin(one);
  });
  document.addEventListener("click", ({ target }) => {
    if (target.closest("[data-next-person]")) next(target.closest("[data-one-person]"));
  });
  document.addEventListener("keydown", (event) => {
    const box = event.target.closest?.("[data-one-person]");
    if (!box || event.key !== "Enter" || event.isComposing || event.target.closest("button")) return;
    event.preventDefault();
    next(box);
  });
  // A form of drafts was emptied or filled from the device.
  document.addEventListener("palermo:filled", ({ target }) => {
    for (const box of target.querySelectorAll("[data-one-person]")) begin(box);
    for (const fold of target.querySelectorAll("[data-open-without]")) {
      fold.open = !target.elements.namedItem(fold.dataset.openWithout).value;
    }
  });
}
