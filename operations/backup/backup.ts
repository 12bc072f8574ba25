import * as path from "node:path";
import type { ApplicationRelease, Backup } from "../../applications/application";
import type { Environment } from "../../settings/environment";
import { connect } from "../cluster/kubeconfig";
import { recorded } from "../deploy/recorded";
import { chosenRelease } from "../releases/chosen-release";
import type { Progress } from "../terminal/progress";
import { contents } from "./archive";
import { withBackupPod } from "./backup-pod";
import { encrypterFor } from "./encryption";
import { prepare, save } from "./save";

export interface BackupProps {
  /** The repository, absolute. */
  readonly root: string;
  readonly environment: Environment;
  /** Name of the release. @default - the only one that has backups */
  readonly named?: string;
  /** The file, which must not be there. @default - one in `backups/` of the repository, called after release and time */
  readonly to?: string;
  /** The process's environment, which says where keys of age are. */
  readonly variables: NodeJS.ProcessEnv;
  /** Public keys of age. @default - those of the release in the environment, if any */
  readonly recipients?: readonly string[];
  /** One that the schedule made, or `newest`. @default - the data as it is */
  readonly scheduled?: string;
  readonly progress: Progress;
}

/**
 * Saves the data of a release in one file, and leaves a record of it in the cluster.
 *
 * @throws OperationError when the cluster does not let it, or what came is not whole: no file is left then
 */
export async function backup(props: BackupProps): Promise<void> {
  const { root, environment, variables, progress, scheduled } = props;
  const release = backedUp(environment, props.named);
  const encrypter = encrypterFor(props.recipients ?? release.recipients);
  const time = new Date().toISOString().replace(/[-:]|\.\d+/g, "");
  const named = `${environment.name}-${release.name}-${time}.tar${encrypter ? ".age" : ""}`;
  const file = props.to ?? path.join(root, "backups", named);
  prepare(file);
  const connection = connect(root, environment);
  const say = progress.line;
  await recorded({ root, environment, action: "backup", say }, async (interruption) => {
    const shared = { connection, environment, release, interruption, progress };
    const archive = await withBackupPod({ ...shared, fetches: scheduled !== undefined }, (pod) =>
      save({ pod, file, encrypter, variables, scheduled, interruption, progress }),
    );
    const note = `${release.name} as of ${archive.at}: ${contents(archive)}`;
    say(`${path.relative("", file)}: ${note}${encrypter ? "; encrypted" : "; not encrypted"}`);
    return { result: "succeeded", note };
  });
}

/** The release that is meant. */
export function backedUp(environment: Environment, named: string | undefined): ApplicationRelease & Backup {
  const { part, ...release } = chosenRelease(environment, ({ backup }) => backup, "has backups", named);
  return { ...release, ...part(release) };
}
