/** On a form with data-coder words that are marked with the mouse (or by selecting with the keyboard) are what is coded:
 *  their place in the text goes along as start and end, counted in characters. Without a script one chooses sentences. */
export function codeWords() {
  const form = document.querySelector("form[data-coder]");
  const told = form?.querySelector("[data-marked]");
  if (!told) return;
  const [start, end] = ["start", "end"].map((name) => form.elements.namedItem(name));
  const forget = () => { start.value = end.value = told.textContent = ""; };
  // The text counts code points, a range counts UTF-16 units.
  const place = (node, offset) => {
    const piece = node.nodeType === Node.TEXT_NODE && node.parentElement.closest("[data-start]");
    return piece && form.contains(piece)
      ? Number(piece.dataset.start) + [...node.data.slice(0, offset)].length : undefined;
  };
  document.addEventListener("selectionchange", () => {
    const chosen = document.getSelection();
    if (!chosen.rangeCount || chosen.isCollapsed) return;
    const range = chosen.getRangeAt(0);
    const from = place(range.startContainer, range.startOffset);
    const upto = place(range.endContainer, range.endOffset);
    if (from === undefined || upto === undefined || upto <= from) return;
    [start.value, end.value] = [from, upto];
    told.textContent = `${told.dataset.words} ${chosen.toString()}`;
  });
  // Whoever chooses sentences afterwards means the sentences.
  form.addEventListener("change", (event) => { if (event.target.name === "units") forget(); });
}
