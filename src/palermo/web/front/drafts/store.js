// What lies on the device: encrypted drafts and wrapped keys, in IndexedDB. In the clear are only a random id, the
// pseudonym of the owner and the day of the last change, by which old drafts are deleted without being opened.

const name = "palermo-drafts";
const day = 86_400_000;
export const mark = "palermo-drafts"; // in localStorage: days to keep; tells other pages that there is something here

function asked(request) {
  return new Promise((done, failed) => {
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error);
    request.onblocked = () => failed(new Error("blocked"));
  });
}

async function open() {
  const request = indexedDB.open(name, 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore("devices", { keyPath: "owner" });
    request.result.createObjectStore("drafts", { keyPath: "id" });
  };
  const found = await asked(request);
  found.onversionchange = () => found.close();
  return found;
}

/** Open, do one thing, and close: a wipe in another tab must never wait for us. */
async function within(store, mode, work) {
  const database = await open();
  try {
    const transaction = database.transaction(store, mode);
    const answer = asked(work(transaction.objectStore(store)));
    const complete = new Promise((done, failed) => {
      transaction.oncomplete = done;
      transaction.onabort = transaction.onerror = () => failed(transaction.error);
    });
    const [found] = await Promise.all([answer, complete]);
    return found;
  } finally {
    database.close();
  }
}

export const devices = () => within("devices", "readonly", (store) => store.getAll());
export const keepDevice = (record) => within("devices", "readwrite", (store) => store.put(record));
export const drafts = () => within("drafts", "readonly", (store) => store.getAll());
export const keepDraft = (record) => within("drafts", "readwrite", (store) => store.put(record));
export const dropDraft = (id) => within("drafts", "readwrite", (store) => store.delete(id));

export const today = () => Math.floor(Date.now() / day);

/** Delete what nobody has changed for so many days. Returns how many. */
export async function dropOld(days) {
  const old = (await drafts()).filter((record) => today() - record.day >= days);
  for (const record of old) await dropDraft(record.id);
  return old.length;
}

/** Everything of ours goes: drafts, keys, the shell, the worker. */
export async function wipe() {
  localStorage.removeItem(mark);
  await asked(indexedDB.deleteDatabase(name)).catch(() => {});
  if ("caches" in self) await Promise.all((await caches.keys()).map((key) => caches.delete(key)));
  const workers = await navigator.serviceWorker?.getRegistrations() ?? [];
  await Promise.all(workers.map((worker) => worker.unregister()));
}
