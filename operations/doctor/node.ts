import * as semver from "semver";
import { type Check, checkOf } from "./check";

/** Which versions of Node run this program. */
export interface NodeVersions {
  /** A range: `engines` of package.json. */
  readonly allowed: string;
  /** The newest version of each line that the tests run with. */
  readonly tested: readonly string[];
  /** The major version to install. */
  readonly recommended: number;
}

/** @param running the version that is there, such as `24.21.0` */
export function nodeCheck({ allowed, tested, recommended }: NodeVersions, running: string): Check {
  const check = checkOf("this machine", "node");
  const install = `install Node ${recommended}: https://nodejs.org/en/download`;
  if (!semver.satisfies(running, allowed)) return check.failed(`${running}, expected ${allowed}`, install);
  if (tested.some((version) => semver.major(version) === semver.major(running))) {
    return check.ok(`${running} (${allowed})`);
  }
  return check.warning(
    `${running} is not tested (tested: ${tested.join(", ")})`,
    `if something fails, ${install}`,
  );
}
