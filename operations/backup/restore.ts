import * as path from "node:path";
import type { Environment } from "../../settings/environment";
import { connect } from "../cluster/kubeconfig";
import { locked } from "../deploy/recorded";
import { OperationError } from "../errors/operation-error";
import { InterruptedError } from "../errors/interrupted-error";
import type { Progress } from "../terminal/progress";
import { contents } from "./archive";
import { backedUp } from "./backup";
import { type BackupPod, withBackupPod } from "./backup-pod";
import { plainText } from "./encryption";
import { checked, restoreParts } from "./restore-parts";
import { whileStopped } from "./while-stopped";

export interface RestoreProps {
  /** The repository, absolute. */
  readonly root: string;
  readonly environment: Environment;
  /** The process's environment, which says where keys of age are. */
  readonly variables: NodeJS.ProcessEnv;
  readonly file: string;
  /** Name of the release. @default - the only one that has backups */
  readonly named?: string;
  readonly progress: Progress;
  /** Asks a question that yes must be the answer to. */
  readonly ask: (question: string) => Promise<void>;
  /** Asks a question that the environment's name must be the answer to. */
  readonly askForName: (question: string, name: string) => Promise<void>;
}

/**
 * Puts what an archive holds in the place of the data of a release, which is stopped meanwhile, and leaves a record of it in
 * the cluster. The whole archive is checked before anything is touched.
 *
 * @throws OperationError when the archive is not whole, or the question, of a platform in use twice, is not answered
 */
export async function restore(props: RestoreProps): Promise<void> {
  const { root, environment, variables, file, progress, ask, askForName } = props;
  const release = backedUp(environment, props.named);
  const name = path.basename(file);
  progress.status(`checking ${name}`);
  const archive = await checked(name, await plainText(file, variables));
  if (archive.application !== release.application.name) {
    throw new OperationError(
      `${name}: is of ${archive.application}, and ${release.name} is of ${release.application.name}: nothing of it is used`,
    );
  }
  const what = `${archive.release} as of ${archive.at}: ${contents(archive)}`;
  progress.line(`${name}: ${what}`);
  const connection = connect(root, environment);
  const say = progress.line;
  await locked(
    { root, environment, action: "restore", say },
    async ({ interruption, record, withoutLock }) => {
      const shared = { connection, environment, release, interruption, progress };
      await withBackupPod(shared, async (pod) => {
        const { users, files } = await used(pod);
        const where = `${release.name} of ${environment.name}`;
        await withoutLock(async () => {
          if (users + files === 0) return ask(`restore it into ${where}, which is empty?`);
          const found = `${users} users and ${files} files`;
          await askForName(`restore it into ${where}, which has ${found}?`, environment.name);
          await askForName(`delete these ${found}, and all conversations, for good?`, environment.name);
        });
        await record(async () => {
          await whileStopped(shared, async () => {
            const source = await plainText(file, variables);
            await restoreParts({ pod, archive, name, source, interruption, progress }).catch(
              (error: Error) => {
                const stopped = `${release.name} stays stopped until this is run again and comes to its end`;
                const kind = error instanceof InterruptedError ? InterruptedError : OperationError;
                throw new kind(`${error.message}\n${stopped}`, { found: error.message.split("\n")[0] });
              },
            );
          });
          return { result: "succeeded", note: what };
        });
      });
      say(`${release.name} of ${environment.name} has what ${name} holds; npm run verify asks it`);
    },
  );
}

/** How much is in a release, as its pod counts it. */
async function used(pod: BackupPod): Promise<{ readonly users: number; readonly files: number }> {
  const [users = NaN, files = NaN] = (await pod.ask(["used"])).split(" ").map(Number);
  return { users, files };
}
