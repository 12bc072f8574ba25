import { setTimeout as pause } from "node:timers/promises";

const limitMs = 60_000;

/**
 * Asks again and again until something is so: for what tells nobody when it happens, such as the end of a process that is
 * not a child. What prints, connects or is an object of Kubernetes is waited for by that.
 *
 * @param what ends the sentence "waited a minute in vain until"
 * @returns what was found
 */
export async function waitFor<Found>(
  what: string,
  find: () => Promise<Found | false | undefined> | Found | false | undefined,
): Promise<Found> {
  const start = performance.now();
  for (;;) {
    const found = await find();
    if (found) return found;
    if (performance.now() - start > limitMs) throw new Error(`waited a minute in vain until ${what}`);
    await pause(25);
  }
}
