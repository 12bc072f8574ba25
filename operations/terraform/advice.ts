import type { Environment } from "../../settings/environment";
import { inOneLine } from "./one-line";

interface Rule {
  readonly pattern: RegExp;
  /**
   * @param found all that the first group of the pattern matched, each once
   * @param free how to free what somebody left half-way
   */
  readonly advice: (environment: Environment, found: readonly string[], free: string) => string;
}

const and = new Intl.ListFormat("en-GB");

/** What Terraform, Helm and Kubernetes say, and what it means here. The first rule that matches is used. */
const rules: readonly Rule[] = [
  {
    pattern: /another operation \(install\/upgrade\/rollback\) is in progress/,
    advice: (_environment, _found, free) =>
      `a release is stuck: whoever deployed it last was killed half-way, and Helm still waits for them: ${free}`,
  },
  {
    pattern: /encountered unencrypted payload/,
    advice: (environment) =>
      `the state is in clear, from before: give TF_ENCRYPTION a fallback for it, and take state.encrypted out of environments/${environment.name}.yaml meanwhile, as docs/opentofu.md shows it`,
  },
  {
    pattern: /decryption failed for all provided methods|This state file is encrypted/,
    advice: () =>
      "the state is encrypted with another key than that of TF_ENCRYPTION, or that is not set: export the one that it was written with",
  },
  {
    // Of Terraform, and of OpenTofu.
    pattern: /Resource (?:instance )?(\S+)(?: \([^)]*\))? has (?:lifecycle\.)?prevent_destroy set/,
    advice: (environment, addresses) =>
      `${and.format(addresses)} ${addresses.length > 1 ? "hold" : "holds"} data, which ${environment.name} keeps (storage.onDestroy in environments/${environment.name}.yaml), and this would delete it: a claim can neither shrink nor get another StorageClass or name; undo that, or give the data up with npm run destroy -- --environment ${environment.name} --delete-data, and deploy anew`,
  },
  {
    pattern: /only dynamically provisioned pvc can be resized/,
    advice: (environment) =>
      `the StorageClass of a claim does not let it grow: put the old size back in environments/${environment.name}.yaml (storage), or let the class grow claims (allowVolumeExpansion: true)`,
  },
  {
    pattern: /context "?([^"\s]+)"? does not exist/,
    advice: (environment) =>
      `${environment.cluster.kubeconfig} has no context "${environment.cluster.context}": correct cluster.context in environments/${environment.name}.yaml, or start that cluster`,
  },
  {
    pattern:
      /(config_path refers to an invalid path|stat .*kubeconfig: no such file|\.kube\/config"?: no such file)/,
    advice: (environment) =>
      `${environment.cluster.kubeconfig} is not there: start the cluster first, or correct cluster.kubeconfig in environments/${environment.name}.yaml`,
  },
  {
    pattern: /(connection refused|no route to host|i\/o timeout|cluster unreachable)/i,
    advice: (environment) =>
      `the API server of the context ${environment.cluster.context} does not answer: nothing was changed; start it (${environment.name === "sandbox" ? "npm run up" : "minikube start, for minikube"}) and run this again`,
  },
  {
    pattern: /no available releases match the given constraints|was not found in any of the search locations/,
    advice: (environment) =>
      `no mirror and no registry that is asked has that version of the provider: correct providers in environments/${environment.name}.yaml, or add it to the mirror that the file of TF_CLI_CONFIG_FILE names`,
  },
  {
    pattern:
      /(Failed to (?:query available provider packages|resolve provider packages)|could not connect to registry|Invalid provider registry host)/,
    advice: () =>
      "the registry of the providers does not answer: name a mirror of the providers in the file of TF_CLI_CONFIG_FILE (provider_installation), then run this again",
  },
  {
    pattern:
      /(could not download chart|is not a valid chart repository|failed to do request|locate chart|locating chart)/i,
    advice: () =>
      "a chart's repository does not answer: set CHARTS_DIR to a directory of chart packages named NAME-VERSION.tgz, then run this again",
  },
  {
    pattern: /secrets "([^"]+)" already exists/,
    advice: (environment, names) => {
      const [secrets, them] = names.length > 1 ? ["Secrets", "them"] : ["Secret", "it"];
      return `somebody else made the ${secrets} ${and.format(names)}: delete ${them}, so that a deploy makes ${them}, or leave ${them} to them with credentials.source secret in environments/${environment.name}.yaml`;
    },
  },
  {
    pattern: /(No value for required variable|Invalid value for variable)/,
    advice: (environment) =>
      `the credentials are incomplete or malformed: npm run secrets -- check --environment ${environment.name}`,
  },
  {
    pattern: /(context deadline exceeded|timed out waiting|client rate limiter Wait returned an error)/,
    advice: () =>
      "pods did not become ready in time: the release is marked failed, and the next deploy tries again; see why with: kubectl get events -A --sort-by=.lastTimestamp",
  },
  {
    pattern:
      /Error acquiring the state lock.*?open \S+: (read-only file system|permission denied|no space left on device)/,
    advice: ({ name }, [reason]) =>
      `the state is a file here, and cannot be written (${reason}): make state/${name} writable, or keep the state elsewhere with state.backend in environments/${name}.yaml`,
  },
  {
    pattern: /Error acquiring the state lock/,
    advice: (_environment, _found, free) =>
      `somebody else is deploying, or was killed while they did: the message above names who and when: wait for them; where they are gone: ${free}`,
  },
];

/**
 * What to do about a run of Terraform that failed, by its output; undefined where its own message must do.
 *
 * @param free how to free what somebody left half-way, as far as it is known
 */
export function adviceFor(
  output: string,
  environment: Environment,
  free = `npm run unlock -- --environment ${environment.name}`,
): string | undefined {
  const text = inOneLine(output.replace(/\u001b\[[0-9;]*m/g, ""));
  for (const { pattern, advice } of rules) {
    const matches = [...text.matchAll(new RegExp(pattern, `g${pattern.flags}`))];
    if (matches.length) {
      return advice(environment, [...new Set(matches.map(([, found = ""]) => found))], free);
    }
  }
  return undefined;
}
