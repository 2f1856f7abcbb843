// Writing a draft: every change is kept a moment after the last key.

import { sealDraft } from "./keys.js";
import { finish, list } from "./list.js";
import { drawProblem } from "./problem.js";
import { complain, fill, formOf, forms, open, page, say, show, words } from "./state.js";
import { dropDraft, keepDraft, today } from "./store.js";
import { subjectNow } from "./talk.js";

const quiet = 700;
let timer = 0;

/** A new draft; `subject` is the key of what it is about, read from the server where there is a link. */
export async function begin(kind, subject = "") {
  const form = formOf(kind);
  if (!form) return list();
  const draft = {
    id: crypto.randomUUID(), key: crypto.randomUUID(), kind, form: form.dataset.version, values: {},
    begun_at: new Date().toISOString(), ready: false, problem: null, base: null, subject,
  };
  if (subject) await takeBase(draft, form);
  open.drafts.set(draft.id, draft);
  edit(draft);
}

/** What the author sees of it now: the state that his words are about. */
export async function takeBase(draft, form) {
  const now = await subjectNow(form.dataset.subject + draft.subject);
  draft.values[form.dataset.subjectField] ||= now?.code ?? draft.subject;
  const base = form.dataset.base.split(" ").filter(Boolean);
  if (now && base.length) draft.base = Object.fromEntries(base.map((name) => [name, String(now[name] ?? "")]));
}

export function edit(draft) {
  const form = formOf(draft.kind);
  open.editing = draft;
  complain("");
  say("");
  form.reset();
  const gone = [];
  for (const [name, value] of Object.entries(draft.values)) {
    const field = form.elements.namedItem(name);
    if (field) field.value = value;
    else gone.push([name, value]);
  }
  if (gone.length) keepGone(form, draft, gone);
  form.dispatchEvent(new Event("palermo:filled", { bubbles: true }));
  form.querySelector("[data-kept]").textContent = "";
  drawProblem(form.querySelector("[data-problem]"), draft);
  show("edit", form);
}

/** Answers to questions that this version of the form no longer asks go into its last text: nothing is lost. */
function keepGone(form, draft, gone) {
  const field = [...form.querySelectorAll("textarea")].at(-1);
  const lines = gone.map(([name, value]) => `${words.unasked} ${name.split("/").at(-1)}: ${words[value] ?? value}`);
  field.value = [field.value, ...lines].filter(Boolean).join("\n");
  for (const [name] of gone) delete draft.values[name];
  draft.values[field.name] = field.value;
}

/** Write the draft to the device, sealed. */
export async function keep(draft) {
  if (!open.key) return;
  draft.day = today();
  await keepDraft({ ...(await sealDraft(open.key, open.owner, draft)), day: draft.day });
  open.drafts.set(draft.id, draft);
}

async function keepEditing(form) {
  clearTimeout(timer);
  const draft = open.editing;
  if (!draft) return;
  draft.values = Object.fromEntries([...new FormData(form)].filter(([, value]) => value !== ""));
  // What is shown is the form as it is now: who has seen it has agreed to its version.
  draft.form = form.dataset.version;
  await keep(draft);
  const time = new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
  form.querySelector("[data-kept]").textContent = fill(words.saved, { time });
}

/** Keep what is being written and leave nothing of it in the page. */
export async function leaveEditor() {
  const form = open.editing && formOf(open.editing.kind);
  if (!form) return;
  if (Object.values(Object.fromEntries(new FormData(form))).some(Boolean)) await keepEditing(form);
  open.editing = null;
  form.reset();
  form.querySelector("[data-problem]").replaceChildren();
}

export async function back() {
  const draft = open.editing;
  await leaveEditor();
  if (draft && !Object.keys(draft.values).length) await forget(draft);
  list();
}

export async function forget(draft) {
  open.drafts.delete(draft.id);
  await dropDraft(draft.id);
}

export function followEditors() {
  for (const form of forms()) {
    form.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(() => keepEditing(form), quiet);
    });
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const draft = open.editing;
      await leaveEditor();
      await finish(draft);
    });
    form.querySelector("[data-back]").addEventListener("click", back);
    form.querySelector("[data-delete]").addEventListener("click", async () => {
      if (!confirm(words.delete_sure)) return;
      clearTimeout(timer);
      const draft = open.editing;
      open.editing = null;
      form.reset();
      await forget(draft);
      list();
    });
  }
  // A page that goes away (a closed tab, a dying battery) keeps what was typed last.
  document.addEventListener("visibilitychange", () => {
    if (document.hidden && open.editing) keepEditing(formOf(open.editing.kind));
  });
}
