// Two small conveniences over pages that work as they are:
// form[data-live="#id"]  sends itself a moment after the last key and replaces #id with the answer's #id;
// [data-poll="seconds"]  (with an id) is fetched again from this page's address until the answer has no data-poll;
//                        data-rest and data-say: below.

const quiet = 400;

async function pieceOf(request, id) {
  const answer = await fetch(request, { credentials: "same-origin", headers: { Accept: "text/html" } });
  if (!answer.ok) return null;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return page.getElementById(id);
}

function requestOf(form) {
  const data = new FormData(form);
  if (form.method === "post") return new Request(form.action, { method: "POST", body: data });
  const address = new URL(form.action);
  address.search = new URLSearchParams(data);
  return new Request(address);
}

export function followLiveForms() {
  const timers = new WeakMap();
  const turns = new WeakMap();
  document.addEventListener("input", (event) => {
    const form = event.target.closest("form[data-live]");
    if (!form) return;
    clearTimeout(timers.get(form));
    timers.set(form, setTimeout(async () => {
      const turn = (turns.get(form) ?? 0) + 1;
      turns.set(form, turn);
      const id = form.dataset.live.slice(1);
      const fresh = await pieceOf(requestOf(form), id).catch(() => null);
      // An older answer that arrives late must not replace a newer one.
      if (fresh && turns.get(form) === turn) document.getElementById(id)?.replaceWith(fresh);
    }, quiet));
  });
}

// What moves without being asked never takes a word, a place or an opened fold from whoever is in it.
function putInPlace(old, fresh) {
  const at = document.activeElement;
  if (old.contains(at) && (at.matches("input, textarea, select") || !at.id)) return;
  for (const fold of old.querySelectorAll("details[id][open]")) {
    const same = fresh.querySelector(`#${CSS.escape(fold.id)}`);
    if (same) same.open = true;
  }
  const place = old.contains(at) ? at.id : "";
  old.replaceWith(fresh);
  if (place) document.getElementById(place)?.focus({ preventScroll: true });
}

// When the work is done the head of the page has other words and other buttons.
const headOf = (page) => ["page-lead", "page-actions"].filter((id) => document.getElementById(id))
  .map((id) => page.getElementById(id)).filter(Boolean);

// data-say is told to those who hear the page, when it has become another sentence: in #id-said, a role=status.
function say(old, fresh) {
  const place = document.getElementById(`${old.id}-said`);
  const words = fresh.dataset.say ?? "";
  if (place && words !== old.dataset.say && words !== place.textContent) place.textContent = words;
}

// data-rest: after so many seconds without a hand on the page it is not fetched, so that a screen that was left alone
// does not keep its session alive; it goes on with the next touch.
let touched = Date.now();
const resting = (piece) => Date.now() - touched > Number(piece.dataset.rest ?? Infinity) * 1000;

export function followPolls() {
  for (const kind of ["pointerdown", "pointermove", "keydown", "wheel"]) {
    addEventListener(kind, () => { touched = Date.now(); }, { passive: true });
  }
  for (const start of document.querySelectorAll("[data-poll][id]")) {
    const turn = async () => {
      const old = document.getElementById(start.id);
      if (!old?.dataset.poll) return;
      if (!document.hidden && !resting(old)) {
        const fresh = await pieceOf(new Request(location.href), start.id).catch(() => null);
        if (fresh && !fresh.isEqualNode(old)) {
          const around = fresh.dataset.poll ? [] : headOf(fresh.ownerDocument);
          say(old, fresh);
          putInPlace(old, fresh);
          for (const part of around) putInPlace(document.getElementById(part.id), part);
        }
      }
      setTimeout(turn, Math.max(2, Number(old.dataset.poll)) * 1000);
    };
    setTimeout(turn, Math.max(2, Number(start.dataset.poll)) * 1000);
  }
}
