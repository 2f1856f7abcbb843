// What goes over the line, and what became of it.
//
// A signed-in person proves himself by the session and the token of the page; somebody with a link by the key after
// the # of the address, which no browser sends along and so stands in no log.

const patience = 120_000;

export function lineOf(host) {
  const key = host.dataset.keyed === undefined ? "" : decodeURIComponent(location.hash.slice(1));
  return {
    host,
    key,
    headers: () => ({
      Accept: "application/json",
      ...(key ? { "X-Desk-Key": key } : { "X-CSRFToken": host.dataset.token ?? "" }),
    }),
  };
}

const ask = (line, address, more = {}) =>
  fetch(address, {
    credentials: "same-origin", redirect: "manual", headers: line.headers(),
    signal: "timeout" in AbortSignal ? AbortSignal.timeout(patience) : undefined, ...more,
  });

/** {xml} or {words}: the blank form, or why there is none. */
export async function blankForm(line) {
  let answer;
  try {
    answer = await ask(line, line.host.dataset.form);
  } catch {
    return { lost: true };
  }
  if (answer.ok) return { xml: await answer.text() };
  return { words: await wordsOf(answer) };
}

/** A file that goes along with the form; only its last name counts, as for devices. */
export const fileOf = (line) => (resource) => {
  const name = String(resource).split("/").pop();
  return ask(line, line.host.dataset.files.replace("FILE", encodeURIComponent(decodeURIComponent(name))));
};

/** What became of a record: taken, refused (for good: it can be corrected), signed-out, or unknown (ask again). */
export async function send(line, body) {
  let answer;
  try {
    answer = await ask(line, addressFor(line.host), { method: "POST", body });
  } catch {
    return { became: "unknown" };
  }
  if (answer.type === "opaqueredirect" || answer.status === 401) return { became: "signedOut" };
  if (answer.status === 201 || answer.status === 202) return { became: "taken" };
  if (answer.status >= 500 || answer.ok) return { became: "unknown" };
  // To somebody who is signed out a page of work is as if it did not exist.
  if ([403, 404].includes(answer.status) && !line.key && (await whoIsHere())?.signed_in === false) return { became: "signedOut" };
  return { became: "refused", words: await wordsOf(answer) };
}

function addressFor(host) {
  const site = document.querySelector("[data-webform-site]")?.value ?? "";
  return site ? `${host.dataset.send}?site=${encodeURIComponent(site)}` : host.dataset.send;
}

async function wordsOf(answer) {
  try {
    const told = await answer.json();
    return told.said ?? told.message ?? "";
  } catch {
    return "";
  }
}

/** Who is signed in now, as the server says; null where it cannot be asked. */
async function whoIsHere() {
  const note = document.getElementById("link-lost");
  if (!note?.dataset.link) return null;
  try {
    return await (await fetch(note.dataset.link, { headers: { Accept: "application/json" } })).json();
  } catch {
    return null;
  }
}

/** Before it is sent again: a token of the session that is open now. False where somebody else signed in since. */
export async function freshToken(line) {
  if (line.key) return true;
  const now = await whoIsHere();
  if (now?.owner && now.owner !== document.getElementById("link-lost").dataset.owner) return false;
  if (now?.token) line.host.dataset.token = now.token;
  return true;
}
