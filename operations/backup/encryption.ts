import { Decrypter, Encrypter } from "age-encryption";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { Readable } from "node:stream";
import { ReadableStream } from "node:stream/web";
import { OperationError } from "../errors/operation-error";

const magic = "age-encryption.org/v1\n";

/**
 * What encrypts for whoever has the key of one of some recipients, if there are any.
 *
 * @throws OperationError for what is none
 * @see https://age-encryption.org
 */
export function encrypterFor(recipients: readonly string[]): Encrypter | undefined {
  if (!recipients.length) return undefined;
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
  return encrypter;
}

export async function encrypted(source: Readable, encrypter: Encrypter): Promise<Readable> {
  return fromWeb(await encrypter.encrypt(toWeb(source)));
}

/**
 * The text of a file, decrypted where it is encrypted.
 *
 * @param variables the process's environment: the keys are found where sops finds them
 * @throws OperationError when none of the keys that are here decrypts it
 */
export async function plainText(file: string, variables: NodeJS.ProcessEnv): Promise<Readable> {
  const found = fs.statSync(file, { throwIfNoEntry: false });
  if (!found?.isFile()) {
    const why = found ? "is no file: expected one" : "is not there: expected a file";
    throw new OperationError(`${file}: ${why} that npm run backup wrote`);
  }
  // Of what cannot be read Node names no file.
  const named = (error: Error): Error => Object.assign(error, { path: file });
  let isSecret: boolean;
  try {
    isSecret = isEncrypted(file);
  } catch (error) {
    throw named(error as Error);
  }
  const source = fs.createReadStream(file).on("error", named);
  return isSecret ? decrypted(file, source, variables) : source;
}

/**
 * What is encrypted, in clear.
 *
 * @param name of it, in messages
 * @param variables the process's environment: the keys are found where sops finds them
 * @throws OperationError when none of the keys that are here decrypts it; the stream has an error where its end is missing
 * @see https://getsops.io/docs/#encrypting-using-age
 */
export async function decrypted(
  name: string,
  source: Readable,
  variables: NodeJS.ProcessEnv,
): Promise<Readable> {
  const found = identities(variables);
  const places = found.places.join(", ");
  const damaged = new OperationError(`${name}: it is a half, or was damaged: nothing of it is used`);
  const decrypter = new Decrypter();
  try {
    for (const identity of found.keys) decrypter.addIdentity(identity);
  } catch {
    throw new OperationError(
      `a key of age is damaged, or of a kind that is not known here (looked in ${places}): expected what age-keygen writes, AGE-SECRET-KEY-1…`,
    );
  }
  const text = await decrypter.decrypt(toWeb(source)).catch((error: unknown) => {
    const hasNoKey = (error as Error).message.includes("no identity matched");
    const why = new OperationError(
      `${name}: is encrypted, and none of the ${found.keys.length} keys that are here decrypts it (looked in ${places}): name the file with yours by SOPS_AGE_KEY_FILE`,
    );
    const fault = source.errored ?? (hasNoKey ? why : damaged);
    source.destroy(fault);
    throw fault;
  });
  return Readable.from(
    (async function* () {
      try {
        yield* fromWeb(text);
      } catch (error) {
        throw source.errored ?? (error instanceof OperationError ? error : damaged);
      }
    })(),
  );
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
  const own = process.platform === "darwin" ? "Library/Application Support" : ".config";
  const configuration = path.join(XDG_CONFIG_HOME ?? path.join(HOME, own), "sops/age/keys.txt");
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
