// The page on which a questionnaire (XForm) is filled in. A bundle of its own, for it is many times the rest.
// The words come first: the renderer asks for some of them while it is loaded.
import "./webform/engine_words.js";
import { begin } from "./webform/page.js";

const host = document.querySelector("[data-webform]");
if (host) begin(host);
