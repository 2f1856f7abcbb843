// What the page says stands in the page, translated by the server: <template data-words="lost">.

export function said(name) {
  return document.querySelector(`template[data-words="${name}"]`)?.content.textContent.trim() ?? name;
}

/** One sentence above the form, with a button where something can be done about it. */
export function tell(kind, words, button = "", act = null) {
  const place = document.querySelector("[data-told]");
  place.replaceChildren();
  if (!words) return;
  const box = document.createElement("div");
  box.className = `alert alert-${kind}`;
  const text = document.createElement("p");
  text.textContent = words;
  const inside = document.createElement("div");
  inside.append(text);
  if (button) {
    const press = document.createElement("button");
    press.type = "button";
    press.className = "btn btn-primary";
    press.textContent = button;
    press.addEventListener("click", act);
    inside.append(press);
  }
  box.append(inside);
  place.append(box);
  place.scrollIntoView({ block: "nearest" });
  place.querySelector("button")?.focus();
}
