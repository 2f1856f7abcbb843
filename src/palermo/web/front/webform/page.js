// One questionnaire: fetched, shown, sent once. Nothing of it is kept on the device; the page asks before it is left.
import { createApp, h } from "vue";
import { OdkWebForm, webFormsPlugin } from "@getodk/web-forms";
import { offer, turnWhatFloats } from "./language.js";
import { blankForm, fileOf, freshToken, lineOf, send } from "./line.js";
import { said, tell } from "./words.js";

export async function begin(host) {
  const line = lineOf(host);
  if (host.dataset.keyed !== undefined && !line.key) return stop(host, said("incomplete"));
  const blank = await blankForm(line);
  if (blank.lost) return stop(host, said("lost-form"), said("load-again"), () => location.reload());
  if (!blank.xml) return stop(host, blank.words || said("no-form"));
  guard(host);
  show(host, line, blank.xml);
}

function stop(host, words, button = "", act = null) {
  host.dataset.state = "stopped";
  host.replaceChildren();
  tell("warning", words, button, act);
}

function show(host, line, xml) {
  const place = host.querySelector("[data-place]");
  const choice = document.querySelector("[data-webform-language]");
  const page = { host, line, place, pending: null };
  const app = createApp({
    render: () => h(OdkWebForm, { formXml: xml, fetchFormAttachment: fileOf(line), onSubmit: (made) => sent(page, made) }),
  });
  app.use(webFormsPlugin);
  // The engine's root, on which the language is set, goes to the header of the form and nowhere else.
  app.mixin({
    created() {
      if (this.$options.__name === "FormHeader") {
        offer(this.form, place, choice);
        host.dataset.state = "ready";
      }
      if (this.$options.__name === "FormLoadFailureDialog") host.dataset.state = "failed";
    },
  });
  turnWhatFloats();
  neverRemember(place);
  app.mount(place);
}

/** Send was pressed and the form has no fault. A second press while the first is under way is the first. */
function sent(page, made) {
  if (page.pending) return;
  if (page.host.dataset.try !== undefined) return tell("info", said("tried"));
  page.pending = made.data[0];
  deliver(page);
}

async function deliver(page) {
  // Until it is known what became of it, the answers stay as they were sent: the same record, byte for byte.
  page.place.inert = true;
  page.host.dataset.state = "sending";
  tell("info", said("sending"));
  const { became, words } = await send(page.line, page.pending);
  page.host.dataset.state = became;
  if (became === "taken") return done(page);
  if (became === "refused") {
    page.pending = null;
    page.place.inert = false;
    return tell("danger", words || said("refused"));
  }
  const again = async () => {
    if (await freshToken(page.line)) return deliver(page);
    tell("danger", said("somebody-else"), said("send-again"), again);
  };
  tell("warning", said(became === "signedOut" ? "signed-out" : "lost"), said("send-again"), again);
}

function done(page) {
  page.host.dataset.clean = "";
  page.place.remove();
  document.querySelector("[data-webform-language]").hidden = true;
  tell("success", said("taken"), said("another"), () => location.reload());
}

/** The browser asks before answers that are nowhere else are left. */
function guard(host) {
  let touched = false;
  for (const kind of ["input", "change", "click"]) {
    host.addEventListener(kind, (event) => { touched ||= event.isTrusted && Boolean(event.target.closest("[data-place] .questions-card")); });
  }
  addEventListener("beforeunload", (event) => {
    if (!touched || host.dataset.clean !== undefined || host.dataset.try !== undefined) return;
    event.preventDefault();
    event.returnValue = "";
  });
}

/** A shared device offers nobody what the one before typed. */
function neverRemember(place) {
  const mark = (root) => {
    for (const one of root.querySelectorAll("input, textarea")) one.autocomplete = "off";
  };
  new MutationObserver((changes) => {
    for (const change of changes)
      for (const one of change.addedNodes) {
        if (one.nodeType !== 1) continue;
        if (one.matches("input, textarea")) one.autocomplete = "off";
        mark(one);
      }
  }).observe(place, { childList: true, subtree: true });
}
