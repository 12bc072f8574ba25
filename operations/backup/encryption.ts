import { Decrypter, Encrypter } from "age-encryption";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { Readable } from "node:stream";
import { ReadableStream } from "node:stream/web";
import { OperationError } from "../errors/operation-error";

const magic = "age-encryption.org/v1\n";

/** Encrypts for whoever has the key of one of some recipients. @see https://age-encryption.org */
export async function encrypted(source: Readable, recipients: readonly string[]): Promise<Readable> {
  const encrypter = new Encrypter();
  for (const recipient of recipients) {
    try {
      encrypter.addRecipient(recipient);
    } catch {
      throw new OperationError(
        `--recipient: found ${recipient}, expected the public key of an age key pair, such as age1…: age-keygen makes one`,
      );
    }
  }
  return fromWeb(await encrypter.encrypt(toWeb(source)));
}

/**
 * The text of a file, decrypted where it is encrypted.
 *
 * @param variables the process's environment: the keys are found where sops finds them
 * @throws OperationError when none of the keys that are here decrypts it
 * @see https://getsops.io/docs/#encrypting-using-age
 */
export async function plainText(file: string, variables: NodeJS.ProcessEnv): Promise<Readable> {
  if (!fs.existsSync(file)) {
    throw new OperationError(`${file}: is not there: expected a file that npm run backup wrote`);
  }
  const source = fs.createReadStream(file);
  if (!isEncrypted(file)) return source;
  const found = identities(variables);
  const decrypter = new Decrypter();
  for (const identity of found.keys) decrypter.addIdentity(identity);
  try {
    return fromWeb(await decrypter.decrypt(toWeb(source)));
  } catch {
    source.destroy();
    throw new OperationError(
      `${file}: is encrypted, and none of the ${found.keys.length} keys that are here decrypts it (looked in ${found.places.join(", ")}): name the file with yours by SOPS_AGE_KEY_FILE`,
    );
  }
}

function isEncrypted(file: string): boolean {
  const start = Buffer.alloc(magic.length);
  const opened = fs.openSync(file, "r");
  try {
    fs.readSync(opened, start);
  } finally {
    fs.closeSync(opened);
  }
  return start.toString() === magic;
}

function identities({
  SOPS_AGE_KEY,
  SOPS_AGE_KEY_FILE,
  XDG_CONFIG_HOME,
  HOME = os.homedir(),
}: NodeJS.ProcessEnv): {
  readonly places: readonly string[];
  readonly keys: readonly string[];
} {
  const configuration = path.join(XDG_CONFIG_HOME ?? path.join(HOME, ".config"), "sops/age/keys.txt");
  const file = SOPS_AGE_KEY_FILE ?? configuration;
  const texts = [SOPS_AGE_KEY ?? "", fs.existsSync(file) ? fs.readFileSync(file, "utf8") : ""];
  return {
    places: ["SOPS_AGE_KEY", file],
    keys: texts.flatMap((text) => text.match(/^AGE-SECRET-KEY-\S+/gm) ?? []),
  };
}

function toWeb(source: Readable): globalThis.ReadableStream<Uint8Array> {
  return Readable.toWeb(source) as globalThis.ReadableStream<Uint8Array>;
}

function fromWeb(stream: globalThis.ReadableStream<Uint8Array>): Readable {
  return Readable.fromWeb(stream as unknown as ReadableStream);
}
