// Everything here makes a page that already works more pleasant. Nothing depends on it.
import { codeWords } from "./coder.js";
import { followLiveForms, followPolls } from "./live.js";
import { keepWhatIsTyped, tellThatItIsConfirmed } from "./keep.js";
import { leaveQuickly } from "./leave.js";
import { writePersons } from "./lines.js";
import { lookAfterDrafts } from "./offline.js";
import { pressByKey } from "./pairs.js";
import { tellPictures } from "./pictures.js";
import { tickAll, walkRows } from "./rows.js";

const root = document.documentElement;

/** The theme changes at once; the same form, posted without a script, sets the same cookie. */
function switchTheme(event) {
  const form = event.target.closest("form[data-theme-form]");
  const button = event.submitter;
  if (!form || !button) return;
  event.preventDefault();
  root.dataset.bsTheme = button.value;
  for (const other of form.querySelectorAll("button[name=theme]")) {
    other.setAttribute("aria-pressed", String(other === button));
  }
  const data = new FormData(form);
  data.set("theme", button.value);
  fetch(form.action, { method: "POST", body: data, credentials: "same-origin", redirect: "manual" });
}

/** A form is sent once, however often a tired hand clicks. */
function sendOnce(event) {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || form.dataset.live) return;
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = "1";
  setTimeout(() => {
    for (const button of form.querySelectorAll("button:not([type=button])")) button.setAttribute("aria-disabled", "true");
  });
  // A download leaves the page where it is: let the person send again after a moment.
  setTimeout(() => {
    delete form.dataset.sent;
    for (const button of form.querySelectorAll("button[aria-disabled]")) button.removeAttribute("aria-disabled");
  }, 5000);
}

/** Typed work is not lost by a wrong click: the browser asks first. */
function guardTypedWork() {
  let typed = false;
  document.addEventListener("input", (event) => {
    if (event.target.closest("form[data-guard]")) typed = true;
  });
  for (const sent of ["submit", "palermo:sent"]) document.addEventListener(sent, () => { typed = false; });
  addEventListener("beforeunload", (event) => { if (typed) event.preventDefault(); });
}

function closeMenus(except) {
  for (const menu of document.querySelectorAll("details.menu[open]")) if (menu !== except) menu.open = false;
}

lookAfterDrafts();
document.addEventListener("submit", switchTheme);
document.addEventListener("submit", sendOnce);
keepWhatIsTyped();
tellThatItIsConfirmed();
document.addEventListener("click", (event) => {
  closeMenus(event.target.closest("details.menu"));
  if (location.hash === "#menu" && !event.target.closest("#menu, a[href='#menu']")) location.hash = "page";
  const closer = event.target.closest("[data-close]");
  if (closer) closer.closest(".alert")?.remove();
  if (event.target.closest("[data-print]")) print();
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const open = document.querySelector("details.menu[open]");
  if (open) {
    open.open = false;
    open.querySelector("summary").focus();
  }
  if (location.hash === "#menu") {
    location.hash = "page";
    document.querySelector("a[href='#menu']")?.focus();
  }
});
for (const hidden of document.querySelectorAll("[data-needs-script]")) hidden.hidden = false;
document.querySelector(".error-summary")?.focus();
guardTypedWork();
leaveQuickly();
followLiveForms();
followPolls();
walkRows();
tickAll();
codeWords();
pressByKey();
writePersons();
tellPictures();
