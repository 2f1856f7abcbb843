// The page of drafts. It lives in one document: the key is only in its memory, and goes with it.
import { start } from "./drafts/page.js";

start();
