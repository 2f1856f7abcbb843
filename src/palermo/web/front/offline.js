// On every page of a signed-in person: drafts that lie on this device are deleted when their time is over and when
// he signs out (after asking). Pages without drafts do nothing here; the server's Clear-Site-Data says it once more.

import { drafts, dropOld, mark, wipe } from "./drafts/store.js";

export function lookAfterDrafts() {
  let days = null;
  try { days = localStorage.getItem(mark); } catch { /* storage may be switched off */ }
  if (days === null) return;
  if (!document.getElementById("drafts")) dropOld(Number(days)).catch(() => {});
  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-sign-out]");
    if (!form || form.dataset.wiped) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    signOut(form);
  }, { capture: true });
}

async function signOut(form) {
  const count = await drafts().then((found) => found.length).catch(() => 0);
  if (count && !confirm(form.dataset.signOut.replace("{n}", count))) return;
  await wipe().catch(() => {});
  form.dataset.wiped = "1";
  form.requestSubmit();
}
