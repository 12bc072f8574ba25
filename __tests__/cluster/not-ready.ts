import { connect } from "../../operations/cluster/kubeconfig";
import { notReadyReasons } from "../../operations/cluster/not-ready";
import { repository } from "../../operations/command-line/repository";
import { loadEnvironment } from "../../applications/load-environment";

// Prints why what is in a namespace is not ready, with a word hidden as a credential would be.
const [namespace = "", secret = ""] = process.argv.slice(2);
void notReadyReasons(
  connect(repository, loadEnvironment(repository, "sandbox", process.env)),
  namespace,
  (text) => (secret ? text.replaceAll(secret, "(hidden)") : text),
).then((reasons) => process.stdout.write(JSON.stringify(reasons)));
