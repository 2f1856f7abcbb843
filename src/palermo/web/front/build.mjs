// Builds the style sheets (left-to-right, right-to-left) and the scripts of palermo.
// Called by tools/frontend.py; argument: the folder to write to.
import { readFileSync, writeFileSync, mkdirSync, renameSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";
import postcss from "postcss";
import { PurgeCSS } from "purgecss";
import { questionnaires } from "./questionnaires.mjs";

const front = dirname(fileURLToPath(import.meta.url));
const package_ = resolve(front, "../..");
const out = resolve(process.argv[2] ?? join(front, "../static/palermo/dist"));
const require = createRequire(import.meta.url);
const tabler = join(dirname(require.resolve("@tabler/core/package.json")), "dist/css");
const banner = "/*! palermo, Apache-2.0. Contains parts of Tabler and Bootstrap, MIT. */\n";
const targets = ["chrome100", "firefox100", "safari15"];

// Classes that room templates may rely on even before a template uses them.
const promised = [
  /^(m|p)[tbsexy]?-[0-5]$/, /^m[sexy]?-auto$/, /^g[xy]?-[0-5]$/, /^gap-[0-5]$/,
  /^row$/, /^col$/, /^col-(auto|3|4|6|8|9|12)$/, /^col-(sm|md|lg)(-(3|4|5|6|7|8|9|12|auto))?$/, /^row-cols-/,
  /^d-(none|block|inline|inline-block|flex|grid)$/, /^d-(sm|md|lg)-(none|block|flex)$/, /^d-print-/,
  /^flex-(column|row|wrap|fill|grow-1)$/, /^(align-items|justify-content)-(start|center|end|between)$/,
  /^text-(start|center|end|secondary|muted|danger|success|warning|nowrap|break|wrap)$/, /^fw-(bold|medium|normal)$/,
  /^card(-|$)/, /^btn(-|$)/, /^table(-|$)/, /^alert(-|$)/, /^badge$/, /^form-(label|control|select|check|hint|text)/,
  /^input-group/, /^is-invalid$/, /^invalid-feedback$/, /^list-(group|unstyled|inline)/, /^nav(-|$)/,
  /^breadcrumb/, /^page(-|$)/, /^pagination/, /^visually-hidden/, /^small$/, /^w-100$/, /^h-100$/,
  /^container(-xl|-narrow)?$/, /^hr-text$/, /^lead$/, /^h[1-6]$/, /^font-monospace$/, /^progress/, /^rounded$/,
];
// Whole families that this house does not use: they would need Bootstrap's script, or decorate.
const unwanted = /carousel|offcanvas|accordion|modal|toast|tooltip|popover|spinner|placeholder|ts-|apexcharts|jvm-|litepicker|dropzone|fslightbox|plyr|tinymce|star-rating|btn-(pinterest|facebook|twitter|x|google|youtube|vimeo|dribbble|github|instagram|flickr|bitbucket|tabler|linkedin|azure|indigo|purple|pink|lime|cyan|teal|orange|yellow|blue|vk|rss)\b|card-rotate|card-gradient|card-cover|card-stamp|card-img|table-(dark|primary|secondary|info|success|warning|danger|light)|btn-(floating|loading|animate)|navbar|chat-|chart-|form-colorinput|form-imagecheck|progress-(indeterminate|background)|alert-(azure|indigo|purple|pink|lime|cyan|teal|orange|yellow|blue|red|green|gray|facebook|twitter)/;

/** Tabler spells its dark theme seven ways; we keep ours: data-bs-theme on <html>. */
function ourThemeOnly(root) {
  const foreign = /body\[data|html\[data-bs|\.theme-dark|\[data-theme|:host|\.navbar/;
  root.walkRules((rule) => {
    if (unwanted.test(rule.selector) && rule.selectors.every((s) => unwanted.test(s))) return rule.remove();
    if (!/theme/.test(rule.selector)) return;
    const kept = rule.selectors.filter((s) => !foreign.test(s));
    if (kept.length) rule.selectors = kept;
    else rule.remove();
  });
}

/** Every rule for the dark theme also holds for "auto" when the device asks for dark: no script, no flash. */
function darkWhenAuto(root) {
  const dark = '[data-bs-theme="dark"]';
  root.walkRules((rule) => {
    if (rule.parent.type === "atrule" && rule.parent.params.includes("prefers-color-scheme")) return;
    const selectors = rule.selectors.map((s) => s.replaceAll("[data-bs-theme=dark]", dark)).filter((s) => s.includes(dark));
    if (!selectors.length) return;
    const twin = rule.clone({ selectors: selectors.map((s) => s.replaceAll(dark, '[data-bs-theme="auto"]')) });
    rule.after(postcss.atRule({ name: "media", params: "screen and (prefers-color-scheme: dark)" }).append(twin));
  });
}

async function sheet(name, source) {
  const ours = await esbuild.build({
    entryPoints: [join(front, "css/palermo.css")], bundle: true, write: false, target: targets,
  });
  const base = postcss.parse(readFileSync(join(tabler, source), "utf8"));
  ourThemeOnly(base);
  const [purged] = await new PurgeCSS().purge({
    content: [
      `${package_}/**/templates/**/*.html`, `${package_}/**/forms.py`, `${package_}/**/forms/*.py`,
      `${package_}/web/*.py`, `${package_}/web/templatetags/*.py`, `${front}/*.js`,
    ],
    css: [{ raw: base.toString() }],
    safelist: { standard: promised },
    defaultExtractor: (text) => text.match(/[\w-]+/g) ?? [],
    keyframes: true, variables: true,
  });
  const whole = postcss.parse(purged.css + ours.outputFiles[0].text);
  darkWhenAuto(whole);
  const small = await esbuild.transform(whole.toString(), { loader: "css", minify: true, legalComments: "none", target: targets });
  place(name, banner + small.code);
}

async function script(name) {
  const built = await esbuild.build({
    entryPoints: [join(front, name)], bundle: true, write: false, minify: true, format: "iife", target: targets,
  });
  place(name, banner + built.outputFiles[0].text);
}

/** Written beside and renamed, so that a running server never reads half a file. */
function place(name, text) {
  writeFileSync(join(out, name + ".part"), text);
  renameSync(join(out, name + ".part"), join(out, name));
}

mkdirSync(out, { recursive: true });
await Promise.all([
  sheet("palermo.css", "tabler.css"),
  sheet("palermo.rtl.css", "tabler.rtl.css"),
  script("palermo.js"),
  script("drafts.js"),
  script("explore.js"),
  script("worker.js"),
  questionnaires(join(front, "webform.js")).then((text) => place("webform.js", text)),
]);
