import { z } from "zod";

const digits = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
const generators = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];

/** What comes before the digits of a key in its checksum: `age`, as Bech32 takes it. */
const prefix = [3, 3, 3, 0, 1, 7, 5];

/**
 * Whether a public key of age has the checksum that it should: for another nobody has the key. The library that knows this too
 * takes a quarter of a second to load.
 *
 * @see https://github.com/bitcoin/bips/blob/master/bip-0173.mediawiki
 */
function hasItsChecksum(key: string): boolean {
  const values = [...prefix, ...[...key.slice("age1".length)].map((digit) => digits.indexOf(digit))];
  const sum = values.reduce((sum, value) => {
    const next = ((sum & 0x1ffffff) << 5) ^ value;
    return generators.reduce((all, generator, i) => (((sum >> 25) >> i) & 1 ? all ^ generator : all), next);
  }, 1);
  return sum === 1;
}

/** A public key for which the pods of backups can encrypt. @see https://age-encryption.org */
export const recipient = z
  .string()
  .refine(
    (key) => /^age1[02-9ac-hj-np-z]{58}$/.test(key) && hasItsChecksum(key),
    "expected the public key of an age key pair, such as age1…: age-keygen makes one",
  );
