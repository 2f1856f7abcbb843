// The page on which a questionnaire (XForm) is filled in. A bundle of its own, for it is thirty times the rest.
import { begin } from "./webform/page.js";

const host = document.querySelector("[data-webform]");
if (host) begin(host);
