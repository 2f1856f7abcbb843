// Two small conveniences over pages that work as they are:
// form[data-live="#id"]  sends itself a moment after the last key and replaces #id with the answer's #id;
// [data-poll="seconds"]  (with an id) is fetched again from this page's address until the answer has no data-poll.

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

export function followPolls() {
  for (const start of document.querySelectorAll("[data-poll][id]")) {
    const turn = async () => {
      const old = document.getElementById(start.id);
      if (!old?.dataset.poll) return;
      if (!document.hidden) {
        const fresh = await pieceOf(new Request(location.href), start.id).catch(() => null);
        if (fresh) old.replaceWith(fresh);
      }
      setTimeout(turn, Math.max(2, Number(old.dataset.poll)) * 1000);
    };
    setTimeout(turn, Math.max(2, Number(start.dataset.poll)) * 1000);
  }
}
