import { takeLock } from "../../operations/cluster/deploy-lock";
import { connect } from "../../operations/cluster/kubeconfig";
import { repository } from "../../operations/command-line/repository";
import { loadEnvironment } from "../../applications/load-environment";

// Another deploy, as far as the lock goes: it holds the lock until it is killed.
const environment = loadEnvironment(repository, "sandbox", process.env);
void takeLock({
  connection: connect(repository, environment),
  namespace: environment.cluster.recordsNamespace,
  environment: environment.name,
  identity: "mira@laptop (process 4711)",
  action: "deploy",
  onLost: () => process.exit(1),
}).then(() => {
  process.stdout.write("held\n");
  // Not longer than the test, which may be killed.
  process.stdin.on("end", () => process.exit()).resume();
});
