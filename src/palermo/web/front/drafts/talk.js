// Talking with the server: whether there is a link, what a draft is about, and sending it once.

const patience = 45_000;

async function ask(address, options = {}) {
  return fetch(address, { credentials: "same-origin", cache: "no-store", signal: AbortSignal.timeout(patience), ...options });
}

/** {signed_in, allowed, owner, token, half}, or null when there is no link. */
export async function linkNow(address, device = "") {
  try {
    const answer = await ask(device ? `${address}?device=${device}` : address, { headers: { Accept: "application/json" } });
    return answer.ok ? await answer.json() : null;
  } catch {
    return null;
  }
}

/** What a draft is about, as it is now: the twin's JSON, or null. */
export async function subjectNow(address) {
  try {
    const answer = await ask(address, { headers: { Accept: "application/json" } });
    return answer.ok ? await answer.json() : null;
  } catch {
    return null;
  }
}

/** A name with "/" is a path: {"answers/basics/q1": "yes"} becomes {answers: {basics: {q1: "yes"}}}. */
export function nested(values) {
  const whole = {};
  for (const [name, value] of Object.entries(values)) {
    if (value === "") continue;
    const path = name.split("/");
    let into = whole;
    for (const part of path.slice(0, -1)) into = into[part] ??= {};
    into[path.at(-1)] = value;
  }
  return whole;
}

/** {done, url} or {waiting} or {signedOut} or {problem}. The key makes that two sendings are one. */
export async function send(draft, address, token) {
  const body = { ...nested(draft.values), form: draft.form, begun_at: draft.begun_at };
  if (draft.base) body.base = draft.base;
  let answer, said;
  try {
    answer = await ask(address, {
      method: "POST",
      headers: {
        "Content-Type": "application/json", Accept: "application/json",
        "X-CSRFToken": token, "Idempotency-Key": draft.key,
      },
      body: JSON.stringify(body),
    });
    said = await answer.json().catch(() => ({}));
  } catch {
    return { waiting: true };
  }
  if (answer.ok && answer.redirected) return { signedOut: true };
  if (answer.ok) return { done: true, url: said.url ?? "" };
  if (answer.status >= 500 || answer.status === 429 || said.rule === "commands.busy") return { waiting: true };
  return {
    problem: {
      status: answer.status, rule: said.rule ?? "", message: said.message ?? "",
      changes: said.changes ?? [], problems: (said.problems ?? []).map((one) => one.message),
    },
  };
}
