// The service worker: brings the page of drafts and the shell's own files when the link does not. It never keeps an
// answer that it fetched for somebody; what it may show was put into the cache by the page of drafts itself, and
// that page holds no data. Forms that are sent, and everything of other origins, it leaves alone.

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== self.location.origin) return;
  if (request.mode === "navigate") {
    event.respondWith(fetch(request).catch(async (lost) => {
      const page = await caches.match(self.palermo.page);
      if (page) return page;
      throw lost;
    }));
  } else if (address.pathname.startsWith(self.palermo.root)) {
    event.respondWith(caches.match(request).then((kept) => kept ?? fetch(request)));
  }
});
