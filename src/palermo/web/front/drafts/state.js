// What the page knows while it is open, and how it speaks. Nothing of this is stored.

export const page = document.getElementById("drafts");
export const words = JSON.parse(document.getElementById("draft-words")?.textContent ?? "{}");
export const open = { key: null, owner: "", link: null, drafts: new Map(), editing: null };

export const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_all, name) => values[name] ?? "");
export const forms = () => [...page.querySelectorAll("form[data-kind]")];
export const formOf = (kind) => forms().find((form) => form.dataset.kind === kind);
export const mayTalk = () => Boolean(open.link?.signed_in && open.link.allowed && open.link.owner === open.owner);

/** Read aloud politely. `url` adds a way to what was said. */
export function say(text, url = "", link = "") {
  const place = document.getElementById("draft-said");
  place.replaceChildren(text);
  if (!url) return;
  const way = Object.assign(document.createElement("a"), { href: url, textContent: link });
  place.append(" ", way);
}

/** Read aloud at once; empty text takes it away. */
export function complain(text) {
  const place = document.getElementById("draft-wrong");
  place.hidden = !text;
  place.firstElementChild.textContent = text;
}

/** Show one part of the page, and the foot that every part has. */
export function show(part, form = null) {
  for (const one of page.querySelectorAll("[data-part]")) one.hidden = one.dataset.part !== part || (form && one !== form);
  page.querySelector("[data-part=foot]").hidden = part === "setup" && !open.others;
  const first = (form ?? page.querySelector(`[data-part=${part}]`))?.querySelector("h2[tabindex], input[type=password]:not([hidden])");
  first?.focus();
}
