// What must be there without a link: this page as the server makes it for everybody, its style sheet and its scripts.

import { mark } from "./store.js";

const cacheName = "palermo-shell";

/** Register the worker and keep the shell; again only when the server has another one. */
export async function keepShell(page) {
  localStorage.setItem(mark, page.dataset.days);
  if (!navigator.serviceWorker || !("caches" in self)) return;
  await navigator.serviceWorker.register(page.dataset.worker, { scope: "/" });
  const cache = await caches.open(cacheName);
  const kept = await cache.match(location.pathname);
  const files = [...document.querySelectorAll("link[rel=stylesheet], link[rel=icon], script[src]")].map((one) => one.href || one.src);
  const missing = [];
  for (const file of files) if (!(await cache.match(file))) missing.push(file);
  const stamped = kept && (await kept.text()).includes(`data-stamp="${page.dataset.stamp}"`);
  if (stamped && !missing.length) return;
  // Without cookies but the language's, so that it is the empty page whoever is signed in.
  const fresh = await fetch(location.pathname, { cache: "no-store" });
  if (!fresh.ok) return;
  await cache.addAll(missing);
  await cache.put(location.pathname, fresh);
  for (const request of await cache.keys()) {
    if (request.url !== location.origin + location.pathname && !files.includes(request.url)) await cache.delete(request);
  }
}
