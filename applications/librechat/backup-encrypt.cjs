// Encrypts what comes from file descriptor 3 to 4 for whoever has the key of age to one of some recipients: the image of MongoDB has no age,
// and its shell is a Node. @see https://github.com/C2SP/C2SP/blob/main/age.md
const crypto = require("node:crypto");
const fs = require("node:fs");

const digits = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
const chunkBytes = 65536;
// What a key of X25519 has before its 32 bytes, where it is written down.
const prefix = Buffer.from("302a300506032b656e032100", "hex");

const base64 = (bytes) => bytes.toString("base64").replace(/=+$/, "");
const derived = (key, salt, info) => Buffer.from(crypto.hkdfSync("sha256", key, salt, info, 32));
const rawBytes = (key) => key.export({ format: "der", type: "spki" }).subarray(prefix.length);

// Its checksum, the last six digits, was checked before it was deployed.
function publicKey(recipient) {
  const bits = [...recipient.slice(4, -6)].reduce(
    (sum, digit) => sum * 32n + BigInt(digits.indexOf(digit)),
    0n,
  );
  const bytes = Buffer.from((bits >> 4n).toString(16).padStart(64, "0"), "hex");
  return crypto.createPublicKey({ key: Buffer.concat([prefix, bytes]), format: "der", type: "spki" });
}

function sealed(key, nonce, text) {
  const cipher = crypto.createCipheriv("chacha20-poly1305", key, nonce, { authTagLength: 16 });
  return Buffer.concat([cipher.update(text), cipher.final(), cipher.getAuthTag()]);
}

function keyFor(recipient, fileKey) {
  const theirs = publicKey(recipient);
  const own = crypto.generateKeyPairSync("x25519");
  const share = rawBytes(own.publicKey);
  const secret = crypto.diffieHellman({ privateKey: own.privateKey, publicKey: theirs });
  const key = derived(secret, Buffer.concat([share, rawBytes(theirs)]), "age-encryption.org/v1/X25519");
  return `-> X25519 ${base64(share)}\n${base64(sealed(key, Buffer.alloc(12), fileKey))}\n`;
}

function read() {
  const chunk = Buffer.alloc(chunkBytes);
  let size = 0;
  for (let more = 1; more > 0 && size < chunkBytes; size += more) {
    more = fs.readSync(3, chunk, size, chunkBytes - size);
  }
  return chunk.subarray(0, size);
}

function write(bytes) {
  for (let at = 0; at < bytes.length;) at += fs.writeSync(4, bytes, at);
}

module.exports = (recipients) => {
  const fileKey = crypto.randomBytes(16);
  const keys = recipients.split(" ").map((recipient) => keyFor(recipient, fileKey));
  const header = `age-encryption.org/v1\n${keys.join("")}---`;
  const code = crypto
    .createHmac("sha256", derived(fileKey, "", "header"))
    .update(header)
    .digest();
  const nonce = crypto.randomBytes(16);
  write(Buffer.concat([Buffer.from(`${header} ${base64(code)}\n`), nonce]));
  const key = derived(fileKey, nonce, "payload");
  // The last chunk is marked as such, and is not empty: which one it is shows in the next.
  for (let chunk = read(), counter = 0, isLast = false; !isLast; counter++) {
    const next = read();
    isLast = next.length === 0;
    const counted = Buffer.alloc(12);
    counted.writeUIntBE(counter, 5, 6);
    counted[11] = Number(isLast);
    write(sealed(key, counted, chunk));
    chunk = next;
  }
};
