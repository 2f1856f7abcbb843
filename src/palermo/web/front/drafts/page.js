// Which part is shown, and opening, locking and wiping.

import { makeDevice, openByPassphrase, openBySession, openDraft } from "./keys.js";
import { back, begin, followEditors, leaveEditor } from "./editor.js";
import { list, listen, sendReady } from "./list.js";
import { keepShell } from "./shell.js";
import { complain, fill, mayTalk, open, page, say, show, words } from "./state.js";
import { devices, drafts, dropOld, keepDevice, wipe } from "./store.js";
import { linkNow } from "./talk.js";

const shortest = 14;
const idle = 15 * 60_000;
let last = Date.now();

export async function start() {
  if (!page) return;
  page.hidden = false;
  if (!window.isSecureContext || !crypto.subtle || !self.indexedDB) return complain(words.needs_secure);
  if (location.pathname !== new URL(page.dataset.worker, location.href).pathname.replace(/[^/]*$/, "")) say(words.this_page);
  listenToAll();
  const gone = await dropOld(Number(page.dataset.days));
  if (gone) complain(fill(words.expired, { n: page.dataset.days, count: gone }));
  await look();
  if (mayTalk()) keepShell(page).catch(() => {});
}

/** Where are we: is there a link, whose device is this, and can it be opened without asking? */
async function look() {
  const known = await devices();
  open.link = await linkNow(page.dataset.link);
  const mine = open.link?.signed_in ? known.find((device) => device.owner === open.link.owner) : null;
  open.others = known.length > (mine ? 1 : 0);
  sayLink();
  if (open.key) return open.editing ? undefined : list();
  if (mine) {
    open.link = await linkNow(page.dataset.link, mine.device) ?? open.link;
    const key = open.link.half && await openBySession(mine, open.link.half);
    if (key) return enter(mine.owner, key);
  }
  if (open.link?.signed_in && !open.link.allowed) complain(words.not_allowed);
  else if (open.link?.signed_in && !mine) show("setup");
  else if (known.length) show("locked");
}

function sayLink() {
  const { link } = open;
  document.getElementById("draft-link").textContent = !link ? words.no_link : link.signed_in ? words.link : words.signed_out;
  document.getElementById("draft-sign-in").hidden = !link || link.signed_in;
}

async function enter(owner, key) {
  Object.assign(open, { owner, key });
  last = Date.now();
  open.drafts.clear();
  const all = await drafts();
  for (const record of all.filter((one) => one.owner === owner)) {
    const draft = await openDraft(key, record);
    if (draft) open.drafts.set(draft.id, { ...draft, day: record.day });
    else complain(words.unreadable);
  }
  if (all.some((one) => one.owner !== owner)) say(words.other_owner);
  const wanted = location.hash.match(/^#(\w+)(?:\/([\w-]+))?$/);
  if (wanted) {
    history.replaceState(null, "", location.pathname);
    return begin(wanted[1], wanted[2]);
  }
  list();
  await sendReady();
}

async function setUp(event) {
  event.preventDefault();
  const { passphrase, again } = event.target.elements;
  if (passphrase.value.length < shortest) return complain(fill(words.short, { n: shortest }));
  if (passphrase.value !== again.value) return complain(words.differ);
  complain("");
  say(words.opening);
  const id = crypto.randomUUID();
  const link = await linkNow(page.dataset.link, id);
  if (!link?.half) return complain(words.no_link);
  const { device, key } = await makeDevice(link.owner, id, passphrase.value, link.half);
  await keepDevice(device);
  event.target.reset();
  open.link = link;
  await keepShell(page).catch(() => {});
  await enter(link.owner, key);
  say(words.ready);
}

async function unlock(event) {
  event.preventDefault();
  const field = event.target.elements.passphrase;
  complain("");
  say(words.opening);
  for (const device of await devices()) {
    const key = await openByPassphrase(device, field.value);
    if (!key) continue;
    field.value = "";
    say("");
    return enter(device.owner, key);
  }
  say("");
  complain(words.wrong_passphrase);
  field.select();
}

/** Forget the key and everything that was shown. */
async function lock(text) {
  await leaveEditor();
  Object.assign(open, { key: null, owner: "" });
  open.drafts.clear();
  page.querySelector("[data-rows]").replaceChildren();
  show("locked");
  say(text);
}

async function wipeAll() {
  if (!confirm(words.wipe_sure)) return;
  open.editing = open.key = null;
  await wipe();
  location.assign("/");
}

function listenToAll() {
  page.querySelector("form[data-part=setup]").addEventListener("submit", setUp);
  page.querySelector("form[data-part=locked]").addEventListener("submit", unlock);
  page.querySelector("[data-lock]").addEventListener("click", () => lock(""));
  page.querySelector("[data-wipe]").addEventListener("click", wipeAll);
  for (const button of page.querySelectorAll("[data-new]")) button.addEventListener("click", () => begin(button.dataset.new));
  listen();
  followEditors(back);
  addEventListener("online", async () => { await look(); if (open.key) await sendReady(); });
  addEventListener("offline", () => { open.link = null; sayLink(); });
  for (const use of ["input", "click", "keydown"]) addEventListener(use, () => { last = Date.now(); }, { passive: true });
  setInterval(() => { if (open.key && Date.now() - last > idle) lock(words.locked); }, 20_000);
}
