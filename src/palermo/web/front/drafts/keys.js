// The key of a device: random, kept only in two wrappings. One opens with the person's passphrase (PBKDF2), one with
// the half that the server gives to a live session. Whoever has the device alone has neither.

const iterations = 1_000_000; // PBKDF2-HMAC-SHA-256; OWASP 2023 asks for 600,000
const bytes = (text) => new TextEncoder().encode(text);
const random = (n) => crypto.getRandomValues(new Uint8Array(n));
const block = 1024;

const aes = (raw, uses) => crypto.subtle.importKey("raw", raw, "AES-GCM", false, uses);

async function fromPassphrase(passphrase, salt, rounds) {
  const base = await crypto.subtle.importKey("raw", bytes(passphrase.normalize("NFKC")), "PBKDF2", false, ["deriveKey"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations: rounds };
  return crypto.subtle.deriveKey(how, base, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

async function seal(key, data, about) {
  const iv = random(12);
  const how = { name: "AES-GCM", iv, additionalData: bytes(about) };
  return { iv, data: new Uint8Array(await crypto.subtle.encrypt(how, key, data)) };
}

async function unseal(key, sealed, about) {
  const how = { name: "AES-GCM", iv: sealed.iv, additionalData: bytes(about) };
  return new Uint8Array(await crypto.subtle.decrypt(how, key, sealed.data));
}

const fromServer = (half) => aes(Uint8Array.from(atob(half), (c) => c.charCodeAt(0)), ["encrypt", "decrypt"]);
const about = (device, way) => `palermo-device/1|${device.owner}|${device.device}|${way}`;

/** A new device for this owner: {record to keep, key to use now}. */
export async function makeDevice(owner, id, passphrase, half) {
  const raw = random(32), salt = random(16);
  const device = { owner, device: id, salt, iterations };
  device.byPassphrase = await seal(await fromPassphrase(passphrase, salt, iterations), raw, about(device, "passphrase"));
  device.bySession = await seal(await fromServer(half), raw, about(device, "session"));
  const key = await aes(raw, ["encrypt", "decrypt"]);
  raw.fill(0);
  return { device, key };
}

async function opened(wrapping, sealed, device, way) {
  const raw = await unseal(wrapping, sealed, about(device, way)).catch(() => null);
  if (!raw) return null;
  const key = await aes(raw, ["encrypt", "decrypt"]);
  raw.fill(0);
  return key;
}

/** The key, or null when it is not the right passphrase. */
export async function openByPassphrase(device, passphrase) {
  return opened(await fromPassphrase(passphrase, device.salt, device.iterations), device.byPassphrase, device, "passphrase");
}

/** The key, or null when the half does not fit. */
export async function openBySession(device, half) {
  return opened(await fromServer(half), device.bySession, device, "session");
}

const place = (owner, id) => `palermo-draft/1|${owner}|${id}`;

/** A draft as it lies on the device: its length is rounded up, so that it tells little. */
export async function sealDraft(key, owner, draft) {
  const plain = bytes(JSON.stringify(draft));
  const padded = new Uint8Array(Math.ceil((plain.length + 1) / block) * block).fill(32);
  padded.set(plain);
  return { id: draft.id, owner, ...(await seal(key, padded, place(owner, draft.id))) };
}

/** What was written, or null when it does not open. */
export async function openDraft(key, record) {
  const plain = await unseal(key, record, place(record.owner, record.id)).catch(() => null);
  return plain && JSON.parse(new TextDecoder().decode(plain));
}
