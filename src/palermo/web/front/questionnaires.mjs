// Bundles the page on which a questionnaire is filled in: ODK Web Forms without its map, with its words translatable.
import { readFile } from "node:fs/promises";
import * as esbuild from "esbuild";

const banner = "/*! palermo, Apache-2.0. Contains ODK Web Forms (Apache-2.0), Vue, PrimeVue, tree-sitter and others (MIT). */\n";

// The renderer has its words in English and in its code. Each stands there once, or the build stops: a new version of
// it is to be looked at by somebody. What they say is on the page (templates/observatory/webform_engine.html).
const words = [
  ['label: "Send"', "label: webformWord('send', 'Send')"],
  ['createTextVNode(" Add ", -1)', "createTextVNode(webformWord('add', 'Add') + ' ', -1)"],
  ['label: "Remove"', "label: webformWord('remove', 'Remove')"],
  ['{ literal: "Repeat Item" }', "{ literal: webformWord('one', 'Entry') }"],
  ['"Condition not satisfied: constraint"', "webformWord('constraint', 'This answer does not fit.')"],
  ['"Condition not satisfied: required"', "webformWord('required', 'This needs an answer.')"],
  ['QA === 1 ? "1 question with error." : `${QA} questions with errors.`', "webformWord('faults', 'To be put right: {n}').replace('{n}', QA)"],
  ['"Take picture"', "webformWord('picture', 'Take picture')"],
  ['"Choose image"', "webformWord('image', 'Choose image')"],
  ['"Rank items"', "webformWord('rank', 'Put in order')"],
  ['"Get location"', "webformWord('place', 'Get location')"],
  ['"Try again"', "webformWord('again', 'Try again')"],
  ['"Finding your location"', "webformWord('finding', 'Finding your location')"],
  ['label: "Save location"', "label: webformWord('save-place', 'Save location')"],
  ['label: "Cancel"', "label: webformWord('cancel', 'Cancel')"],
  ['"Cannot access location"', "webformWord('no-place', 'Cannot access location')"],
  [
    '"Grant location permission in the browser settings and make sure location is turned on."',
    "webformWord('allow-place', 'Allow this site to know the location, and turn location on.')",
  ],
];

function translatable(code, path) {
  for (const [from, to] of words) {
    const found = code.split(from).length - 1;
    if (found !== 1) throw new Error(`${path}: ${from} stands there ${found} times, not once`);
    code = code.replace(from, () => to);
  }
  return code;
}

/** The map calls a tile server far away: it is not in the bundle at all. */
const ours = {
  name: "ours",
  setup(build) {
    build.onResolve({ filter: /\/MapBlock-[\w-]+\.js$/ }, () => ({ path: "map", namespace: "none" }));
    build.onLoad({ filter: /.*/, namespace: "none" }, () => ({ contents: "export default { render: () => null };" }));
    build.onLoad({ filter: /web-forms[\\/]dist[\\/]index-[\w-]+\.js$/ }, async ({ path }) => ({
      contents: translatable(await readFile(path, "utf8"), path),
    }));
  },
};

/** The text of the bundle: a module, for its engine is started before anything else runs. */
export async function questionnaires(entry) {
  const built = await esbuild.build({
    entryPoints: [entry], bundle: true, write: false, minify: true, format: "esm", legalComments: "none",
    target: ["chrome100", "firefox100", "safari15.4"], plugins: [ours],
    define: {
      "process.env.NODE_ENV": '"production"', __VUE_OPTIONS_API__: "true", __VUE_PROD_DEVTOOLS__: "false",
      __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: "false",
    },
  });
  const { text } = built.outputFiles[0];
  if (/tile\.openstreetmap/.test(text)) throw new Error("the bundle of the questionnaires names a tile server");
  return banner + text;
}
