// Why a draft was not taken, and what its author can do about it.

import { keep, takeBase } from "./editor.js";
import { sendOne } from "./list.js";
import { formOf } from "./state.js";

export function drawProblem(place, draft) {
  place.replaceChildren();
  const { problem } = draft;
  if (!problem) return;
  const one = document.getElementById("draft-problem").content.cloneNode(true);
  one.querySelector("[data-message]").textContent = problem.message;
  fillList(one.querySelector("[data-list]"), problem.problems);
  fillChanges(one.querySelector("[data-changes]"), problem.changes);
  offer(one.querySelector("[data-anyway]"), problem.status === 412, async () => {
    await takeBase(draft, formOf(draft.kind));
    await sendOne(draft);
  });
  offer(one.querySelector("[data-as-new]"), problem.rule === "commands.other_content", async () => {
    draft.key = crypto.randomUUID();
    await keep(draft);
    await sendOne(draft);
  });
  place.append(one);
}

function offer(button, wanted, deed) {
  button.hidden = !wanted;
  if (wanted) button.addEventListener("click", deed);
}

function fillList(place, lines) {
  place.hidden = !lines.length;
  place.append(...lines.map((text) => Object.assign(document.createElement("li"), { textContent: text })));
}

function fillChanges(place, changes) {
  place.hidden = !changes.length;
  const heads = [...place.querySelectorAll("th")].map((head) => head.textContent);
  for (const change of changes) {
    const line = place.querySelector("tbody").insertRow();
    const name = Object.assign(document.createElement("th"), { scope: "row", textContent: change.field });
    line.append(name);
    [change.base, change.mine, change.theirs].forEach((side, at) => {
      const cell = line.insertCell();
      cell.dataset.label = heads[at + 1];
      cell.textContent = side ?? "";
    });
  }
}
