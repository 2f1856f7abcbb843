// What the renderer says, in the language of the page (see ../questionnaires.mjs); English where the page has no word.
globalThis.webformWord = (name, english) =>
  document.querySelector(`template[data-words="engine-${name}"]`)?.content.textContent.trim() || english;
