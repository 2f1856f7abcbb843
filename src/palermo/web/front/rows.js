/** One box ticks all the others of its form (data-tick-all names them); it follows when one of them is changed. */
export function tickAll() {
  document.addEventListener("change", ({ target }) => {
    const form = target.form;
    const all = form?.querySelector("[data-tick-all]");
    if (!all) return;
    const boxes = [...form.querySelectorAll(`input[type=checkbox][name="${all.dataset.tickAll}"]`)];
    if (target === all) for (const box of boxes) box.checked = all.checked;
    else all.checked = boxes.every((box) => box.checked);
    all.indeterminate = !all.checked && boxes.some((box) => box.checked);
  });
}

/** In a table of fields Enter goes to the same field of the next row, as on a sheet; on the last row it sends the form.
 *  Without a script Enter sends the form, which saves every row: nothing is lost either way. */
export function walkRows() {
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    const field = event.target.closest("[data-rows] :is(input, select)");
    const cell = field?.closest("td");
    const row = cell?.closest("tr");
    if (!row) return;
    event.preventDefault();
    const next = row.nextElementSibling?.cells[cell.cellIndex]?.querySelector("input:not([type=hidden]), select");
    if (!next) return field.form.requestSubmit();
    next.focus();
    if (next.type === "text") next.select();
  });
}
