/** What a mark of a picture stands for, said below it: by pointing, by touch, or with the arrow keys in the picture.
 *  In a picture of overlaps lists are chosen: the combinations with all of them stay, with their sum.
 *  Without a script the marks have their tooltips, and the figures stand in a table. */

const MARKS = "svg .picture-mark, svg :is(rect, circle, path):has(> title)";
const marksOf = (frame) => [...frame.querySelectorAll(MARKS)].filter((mark) => !mark.parentElement.closest(".picture-mark"));
const wordsOf = (mark) => mark.querySelector(":scope > title")?.textContent ?? "";

/** The line under a picture; made with the first thing to say, polite to who listens. */
function line(frame) {
  let place = frame.nextElementSibling;
  if (!place?.matches(".chart-said")) {
    place = document.createElement("p");
    place.className = "chart-said";
    place.dir = "auto";
    place.setAttribute("role", "status");
    frame.after(place);
  }
  return place;
}

function show(frame, mark) {
  for (const one of frame.querySelectorAll(".is-told")) one.classList.remove("is-told");
  mark?.classList.add("is-told");
  line(frame).textContent = mark ? wordsOf(mark) : (frame.dataset.chosen ?? "");
}

function walk(frame, key) {
  const marks = marksOf(frame);
  if (!marks.length) return false;
  const at = marks.findIndex((mark) => mark.classList.contains("is-told"));
  const forward = getComputedStyle(frame).direction === "rtl" ? "ArrowLeft" : "ArrowRight";
  const to = { Home: 0, End: marks.length - 1 }[key] ?? at + (key === forward ? 1 : -1);
  const mark = marks[Math.min(Math.max(to, 0), marks.length - 1)];
  show(frame, mark);
  mark.scrollIntoView({ block: "nearest", inline: "nearest" });
  return true;
}

/** Keeps the combinations that every chosen list is part of. */
function choose(frame, list) {
  list.classList.toggle("is-chosen");
  const chosen = [...frame.querySelectorAll(".is-chosen")];
  for (const button of frame.parentElement.querySelectorAll(".picture-lists button")) {
    button.setAttribute("aria-pressed", String(chosen.some((one) => one.dataset.place === button.value)));
  }
  let people = 0, columns = 0;
  for (const one of frame.querySelectorAll("[data-kind=history]")) {
    const kept = chosen.every((name) => one.dataset.history >> name.dataset.place & 1);
    one.classList.toggle("is-faint", !kept);
    if (!kept) continue;
    people += Number(one.dataset.people);
    columns += 1;
  }
  const words = frame.querySelector("svg").dataset.chosen, number = new Intl.NumberFormat(document.documentElement.lang);
  const said = { lists: chosen.map((name) => name.dataset.list).join(" + "), people: number.format(people), columns: number.format(columns) };
  frame.dataset.chosen = chosen.length ? words.replace(/\{(\w+)\}/g, (_, name) => `\u2068${said[name]}\u2069`) : "";
  show(frame, null);
}

/** A button for each list under the picture of overlaps. */
function offerLists() {
  for (const picture of document.querySelectorAll(".chart-frame .picture-overlap")) {
    const frame = picture.closest(".chart-frame"), group = document.createElement("div");
    group.className = "picture-lists";
    group.setAttribute("role", "group");
    group.setAttribute("aria-label", picture.dataset.ask);
    group.append(`${picture.dataset.ask} `);
    for (const list of picture.querySelectorAll("[data-kind=list]")) {
      const button = document.createElement("button");
      Object.assign(button, { type: "button", className: "btn btn-sm", value: list.dataset.place, dir: "auto", textContent: list.dataset.list });
      button.setAttribute("aria-pressed", "false");
      button.addEventListener("click", () => choose(frame, list));
      group.append(button);
    }
    line(frame).after(group);
  }
}

export function tellPictures() {
  const frameOf = (event) => event.target.closest?.(".chart-frame");
  const markIn = (frame, event) => marksOf(frame).find((mark) => mark.contains(event.target));
  for (const kind of ["pointerover", "click"]) {
    document.addEventListener(kind, (event) => {
      const frame = frameOf(event), mark = frame && markIn(frame, event);
      if (!mark) return;
      if (kind === "click" && mark.matches(".picture-overlap [data-kind=list]")) choose(frame, mark);
      else show(frame, mark);
    });
  }
  document.addEventListener("keydown", (event) => {
    const frame = frameOf(event);
    if (!frame || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") {
      show(frame, null);
    } else if (["ArrowLeft", "ArrowRight", "Home", "End"].includes(event.key) && walk(frame, event.key)) {
      event.preventDefault();
    }
  });
  offerLists();
}
