// The language of the form is the reader's to choose, and may run the other way than the page around it.

const rightToLeft = new Set(["ar", "ary", "arz", "apc", "ckb", "dv", "fa", "he", "ks", "prs", "ps", "sd", "ug", "ur", "yi"]);
const byName = /\b(arabic|dari|farsi|persian|pashto|urdu|hebrew|sorani|sindhi|uyghur)\b/i;
const ofThere = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;

/** "Arabic (ar)" -> "ar"; empty where the form's author gave no code. */
export const codeOf = (name) => (/\(([A-Za-z]{2,3})(?:[-_][\w-]+)?\)\s*$/.exec(name)?.[1] ?? (/^[a-z]{2,3}$/.test(name) ? name : "")).toLowerCase();

export function directionOf(name, title = "") {
  const code = codeOf(name);
  if (code) return rightToLeft.has(code) ? "rtl" : "ltr";
  return byName.test(name) || ofThere.test(name || title) ? "rtl" : "ltr";
}

/** Fill the page's own choice, begin with the reader's language, and turn the form with it. */
export function offer(root, place, choice) {
  const languages = root.languages.filter((one) => !one.isSyntheticDefault);
  const title = root.definition?.bind?.form?.title ?? "";
  const use = (language) => {
    if (language) root.setLanguage(language);
    const name = language?.language ?? "";
    turn(place, directionOf(name, title), codeOf(name));
  };
  const reader = document.documentElement.lang.split("-")[0];
  const first = languages.find((one) => codeOf(one.language) === reader) ?? root.currentState.activeLanguage;
  const known = languages.find((one) => one.language === first?.language) ?? languages[0];
  use(known);
  if (languages.length < 2) return;
  const select = choice.querySelector("select");
  select.replaceChildren(...languages.map((one) => new Option(one.language, one.language, false, one === known)));
  for (const option of select.options) option.lang = codeOf(option.value);
  select.addEventListener("change", () => use(languages.find((one) => one.language === select.value)));
  choice.hidden = false;
}

let now = { dir: "", lang: "" };

function turn(place, dir, lang) {
  now = { dir, lang };
  put(place);
  for (const one of document.body.children) if (isAfloat(one)) put(one);
}

function put(element) {
  element.dir = now.dir;
  if (now.lang) element.lang = now.lang;
}

const isAfloat = (element) => /(^|\s)p-(?!age)/.test(element.className ?? "");

/** Lists and questions that float above the page hang outside of the form: they turn with it. */
export function turnWhatFloats() {
  new MutationObserver((changes) => {
    for (const change of changes)
      for (const one of change.addedNodes)
        if (one.nodeType === 1 && isAfloat(one)) put(one);
  }).observe(document.body, { childList: true });
}
