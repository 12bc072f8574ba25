import * as semver from "semver";
import { engines } from "../../package.json";
import { recommended, tested } from "../node-versions.json";
import { type Check, checkOf } from "./check";

/** @param running the version of Node that is there, such as `24.21.0` */
export function nodeCheck(running: string): Check {
  const check = checkOf("this machine", "node");
  const { node: allowed } = engines;
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
