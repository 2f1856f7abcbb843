// A second device for the tests: encrypts a record with node-forge as the specification says. Reads a task as JSON
// from standard input ({publicKey, formId, version, instanceId, files: [[name, base64], ...], the XML last}), writes
// {key, signature, files} in base64 to standard output.
import forge from "node-forge";

const task = JSON.parse(await new Promise((done) => {
  let text = "";
  process.stdin.on("data", (piece) => { text += piece; }).on("end", () => done(text));
}));
const der = forge.util.decode64(task.publicKey);
const publicKey = forge.pki.publicKeyFromAsn1(forge.asn1.fromDer(der));
const oaep = { md: forge.md.sha256.create(), mgf1: { md: forge.md.sha256.create() } };
const wrap = (bytes) => forge.util.encode64(publicKey.encrypt(bytes, "RSA-OAEP", oaep));
const md5 = (bytes) => forge.md.md5.create().update(bytes);

const secret = forge.random.getBytesSync(32);
const key = wrap(secret);
const seed = md5(forge.util.encodeUtf8(task.instanceId) + secret).digest().getBytes()
  .split("").map((sign) => sign.charCodeAt(0));
const told = [task.formId, task.version, key, task.instanceId];
const files = task.files.map(([name, content], place) => {
  seed[place % 16] = (seed[place % 16] + 1) & 255;
  const clear = forge.util.decode64(content);
  const cipher = forge.cipher.createCipher("AES-CFB", secret);
  cipher.start({ iv: String.fromCharCode(...seed) });
  const ending = 16 - (clear.length % 16);
  cipher.update(forge.util.createBuffer(clear + String.fromCharCode(ending).repeat(ending)));
  cipher.finish();
  told.push(`${name}::${md5(clear).digest().toHex()}`);
  return [`${name}.enc`, forge.util.encode64(cipher.output.getBytes())];
});
const source = told.map((line) => `${line}\n`).join("");
const signature = wrap(md5(forge.util.encodeUtf8(source)).digest().getBytes());
process.stdout.write(JSON.stringify({ key, signature, files }));
