// The drafts of this device, and sending them.

import { edit, forget, keep } from "./editor.js";
import { drawProblem } from "./problem.js";
import { fill, formOf, mayTalk, open, page, say, show, words } from "./state.js";
import { today } from "./store.js";
import { linkNow, send } from "./talk.js";

const sending = new Set();

export function list() {
  const rows = [...open.drafts.values()].sort((one, other) => other.begun_at.localeCompare(one.begun_at));
  page.querySelector("[data-rows]").replaceChildren(...rows.map(row));
  page.querySelector("[data-empty]").hidden = rows.length > 0;
  page.querySelector("[data-send-all]").hidden = !rows.some((draft) => draft.ready && !draft.problem);
  show("list");
}

function row(draft) {
  const form = formOf(draft.kind);
  const one = document.getElementById("draft-row").content.cloneNode(true);
  const named = form?.dataset.namedBy.split(" ").map((name) => draft.values[name]).find(Boolean) ?? words.untitled;
  one.querySelector("[data-title]").textContent = `${form?.dataset.title ?? draft.kind}: ${named}`;
  const state = draft.problem ? "problem" : draft.ready ? "ready" : "draft";
  const badge = one.querySelector("[data-state]");
  badge.textContent = words[`state_${state}`];
  badge.classList.toggle("badge-warn", state === "problem");
  const when = new Date(draft.begun_at).toLocaleString(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });
  const left = Number(page.dataset.days) - (today() - (draft.day ?? today()));
  one.querySelector("[data-when]").textContent = `${when} · ${fill(words.days_left, { n: left })}`;
  drawProblem(one.querySelector("[data-problem]"), draft);
  one.querySelector("[data-open]").addEventListener("click", () => edit(draft));
  one.querySelector("[data-send]").addEventListener("click", () => sendOne(draft));
  return one;
}

/** Send one draft; it leaves the device only when the server has said that it has it. True: the next one may go. */
export async function sendOne(draft) {
  if (sending.has(draft.id)) return false;
  sending.add(draft.id);
  try {
    Object.assign(draft, { ready: true, problem: null });
    await keep(draft);
    say(words.sending);
    open.link = await linkNow(page.dataset.link);
    if (!open.link) return stop(words.waiting);
    if (!open.link.signed_in) return signedOut();
    if (!mayTalk()) return stop(words.other_owner);
    return await settle(draft, await send(draft, formOf(draft.kind).dataset.address, open.link.token));
  } finally {
    sending.delete(draft.id);
    if (open.key && !open.editing) list();
  }
}

function stop(why) {
  say(why);
  return false;
}

function signedOut() {
  document.getElementById("draft-sign-in").hidden = false;
  document.getElementById("draft-link").textContent = words.signed_out;
  return stop(words.signed_out);
}

async function settle(draft, answer) {
  if (answer.done) {
    open.drafts.delete(draft.id);
    say(words.sent, answer.url, words.open_sent);
    await forget(draft);
    return true;
  }
  if (answer.waiting) return stop(words.waiting);
  if (answer.signedOut) return signedOut();
  const { problem } = answer;
  if (problem.status === 404) problem.message = formOf(draft.kind).dataset.missing || words.no_access;
  draft.problem = { ...problem, message: problem.message || words.nothing_lost };
  say(`${words.nothing_lost} ${draft.problem.message}`);
  await keep(draft);
  return true;
}

/** Its author has finished this one: it goes after what was finished before it. */
export async function finish(draft) {
  Object.assign(draft, { ready: true, problem: null });
  await keep(draft);
  list();
  await sendInOrder();
}

/** What waits is sent in the order in which it was begun. The first that the link does not take ends the round, so that
 *  nothing overtakes; one that its author has to look at holds nobody else up. */
async function sendInOrder() {
  const waiting = [...open.drafts.values()].filter((draft) => draft.ready && !draft.problem);
  for (const draft of waiting.sort((one, other) => one.begun_at.localeCompare(other.begun_at))) {
    if (open.drafts.has(draft.id) && !await sendOne(draft)) return;
  }
}

/** What the author had finished is sent when there is a link again. */
export async function sendReady() {
  if (open.key && mayTalk()) await sendInOrder();
}

export function listen() {
  page.querySelector("[data-send-all]").addEventListener("click", sendReady);
}
