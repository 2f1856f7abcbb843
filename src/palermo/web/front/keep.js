// A form with typed work (data-guard) that does not reach the server stays as it is and offers to send it again,
// under the same key: whatever the first try did, the change happens once. Without a script it is a plain form.

const patience = 60_000;

export function keepWhatIsTyped() {
  const note = document.getElementById("link-lost");
  if (!note) return;
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || !form.matches("form[data-guard][method=post]")) return;
    // Read as written: a field that is called "target" or "action" would stand in for the form's own.
    if (form.hasAttribute("target")) return;
    event.preventDefault();
    deliver(form, event.submitter, note);
  });
}

function contentOf(form, submitter) {
  const data = new FormData(form);
  if (submitter?.name) data.append(submitter.name, submitter.value);
  const files = [...data.values()].some((value) => value instanceof File && value.name);
  return files || form.getAttribute("enctype") === "multipart/form-data" ? data : new URLSearchParams(data);
}

async function deliver(form, submitter, note) {
  form.dataset.key ??= crypto.randomUUID?.() ?? randomKey();
  form.querySelector("[data-link-lost]")?.remove();
  let answer, text;
  try {
    answer = await fetch(addressOf(form, submitter), {
      method: "POST", credentials: "same-origin", body: contentOf(form, submitter),
      signal: "timeout" in AbortSignal ? AbortSignal.timeout(patience) : undefined,
      headers: { "Idempotency-Key": form.dataset.key, "X-Sent-By": "script", Accept: "text/html" },
    });
    text = /^attachment/.test(answer.headers.get("Content-Disposition") ?? "") ? null : await answer.text();
  } catch {
    return failed(form, submitter, note, note.dataset.lost);
  }
  const next = answer.headers.get("X-Location");
  if (next !== null) return goOn(form, submitter, note, next);
  delete form.dataset.key;
  if (text === null) return download(answer);
  replacePage(form, submitter, note, text);
}

const addressOf = (form, submitter) =>
  submitter?.hasAttribute("formaction") ? submitter.formAction : form.getAttribute("action") || location.href;

const randomKey = () => "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (c) =>
  (c ^ crypto.getRandomValues(new Uint8Array(1))[0] & 15 >> c / 4).toString(16));

function goOn(form, submitter, note, next) {
  const to = new URL(next, location.href);
  if (to.pathname === note.dataset.login) return failed(form, submitter, note, note.dataset.signedOut, to.pathname);
  delete form.dataset.key;
  if (to.pathname === note.dataset.confirm) return confirmFirst(form, submitter, note);
  document.dispatchEvent(new Event("palermo:sent"));
  const here = to.pathname === location.pathname && to.search === location.search;
  location.assign(to);
  if (here && to.hash) location.reload();
}

/** Say what happened above the buttons; nothing typed is touched. */
function failed(form, submitter, note, words, login = "", answered = false) {
  free(form);
  const told = note.content.firstElementChild.cloneNode(true);
  told.querySelector("[data-words]").textContent = words;
  const way = told.querySelector("[data-sign-in]");
  way.hidden = !login;
  if (login) way.href = login;
  const again = told.querySelector("[data-again]");
  again.addEventListener("click", async () => {
    if ((login || answered) && !await freshToken(form, note)) {
      told.remove();
      return failed(form, submitter, note, note.dataset.another, note.dataset.login);
    }
    deliver(form, submitter, note);
  });
  (form.querySelector(".form-actions") ?? form).prepend(told);
  told.scrollIntoView({ block: "nearest" });
  again.focus();
  // Work is still only here: the browser asks before it leaves.
  form.dispatchEvent(new Event("input", { bubbles: true }));
}

/** Who it is must be confirmed first, in another tab: the form stays as it is, and goes on once that is done. */
function confirmFirst(form, submitter, note) {
  failed(form, submitter, note, note.dataset.confirmWords, "", true);
  const told = form.querySelector("[data-link-lost]");
  const way = told.querySelector("[data-confirm-now]");
  way.href = `${note.dataset.confirm}?next=${encodeURIComponent(note.dataset.confirmed)}`;
  way.hidden = false;
  way.focus();
  const heard = new BroadcastChannel("palermo-confirmed");
  let gone = false;
  const look = async () => {
    if (!told.isConnected) return stop();
    if (gone || document.hidden && !heard.told) return;
    const found = await linkNow(note);
    if (gone || !found?.confirmed || found.owner !== note.dataset.owner) return;
    stop();
    await freshToken(form, note);
    deliver(form, submitter, note);
  };
  const stop = () => {
    gone = true;
    heard.close();
    document.removeEventListener("visibilitychange", look);
    removeEventListener("focus", look);
  };
  heard.onmessage = () => { heard.told = true; look(); };
  document.addEventListener("visibilitychange", look);
  addEventListener("focus", look);
}

/** The other tab tells every page that waits for it. */
export function tellThatItIsConfirmed() {
  if (!document.getElementById("confirmed")) return;
  const channel = new BroadcastChannel("palermo-confirmed");
  channel.postMessage(true);
  channel.close();
}

const linkNow = (note) =>
  fetch(note.dataset.link, { headers: { Accept: "application/json" } }).then((answer) => answer.json()).catch(() => null);

/** After signing in elsewhere the old token of the form is worth nothing. False where somebody else signed in. */
async function freshToken(form, note) {
  const found = await linkNow(note);
  if (found?.owner && found.owner !== note.dataset.owner) return false;
  const field = form.elements.namedItem("csrfmiddlewaretoken");
  if (found?.token && field) field.value = found.token;
  return true;
}

function free(form) {
  delete form.dataset.sent;
  for (const button of document.querySelectorAll("button[aria-disabled]")) button.removeAttribute("aria-disabled");
}

/** The server answered with a page: one with the form in it takes this one's place, an error is told beside the form. */
async function replacePage(form, submitter, note, text) {
  const fresh = new DOMParser().parseFromString(text, "text/html");
  const main = fresh.getElementById("page"), old = document.getElementById("page");
  if (!main || !old || !main.querySelector("form[data-guard], form[method=post]")) {
    // To somebody who is signed out a page of work is as if it did not exist: say what it is.
    const now = await linkNow(note);
    if (now && !now.signed_in) return failed(form, submitter, note, note.dataset.signedOut, note.dataset.login);
    const said = [...fresh.querySelectorAll("main h1, main .lead, main li")].map((one) => one.textContent.trim());
    return failed(form, submitter, note, said.join(" · ") || note.dataset.refused, "", true);
  }
  old.replaceWith(main);
  document.title = fresh.title;
  history.replaceState(history.state, "", location.href);
  for (const hidden of main.querySelectorAll("[data-needs-script]")) hidden.hidden = false;
  scrollTo(0, 0);
  (main.querySelector(".error-summary") ?? main).focus();
}

async function download(answer) {
  const name = /filename="?([^";]+)/.exec(answer.headers.get("Content-Disposition"))?.[1] ?? "palermo";
  const way = Object.assign(document.createElement("a"), { href: URL.createObjectURL(await answer.blob()), download: name });
  way.click();
  setTimeout(() => URL.revokeObjectURL(way.href), 10_000);
}
