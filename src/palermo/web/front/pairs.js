/** On a page with data-keys a single key presses what names it (data-key): for whoever goes through many pairs.
 *  Nothing happens while something is typed or with a modifier held. Without a script the buttons do the same. */
export function pressByKey() {
  const page = document.querySelector("[data-keys]");
  if (!page) return;
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat) return;
    if (event.target.closest("input, select, textarea, [contenteditable]")) return;
    const wanted = page.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (!wanted) return;
    event.preventDefault();
    wanted.click();
  });
}
