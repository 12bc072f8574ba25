import { releasesOf } from "../../applications/releases";
import { kubectlCommand } from "../cluster/kubectl-command";
import type { Environment } from "../../settings/environment";
import { controllerOfObject, endedSentence, ingressController } from "../../settings/ingress-controllers";
import { type Check, checkOf } from "./check";
import { type ClusterFacts, nameOf, valueOf } from "./cluster-facts";

const defaultClass = "storageclass.kubernetes.io/is-default-class";

/** The StorageClass that the environment names, or the cluster's default one: without it claims stay unbound. */
export function storageClassCheck(
  { storageClasses }: Pick<ClusterFacts, "storageClasses">,
  { name, storage, cluster }: Environment,
): Check {
  const check = checkOf("cluster", "StorageClass");
  if ("refused" in storageClasses) return check.notChecked(storageClasses.refused);
  const names = storageClasses.value.map(nameOf);
  const file = `environments/${name}.yaml`;
  if (storage.className !== undefined) {
    if (names.includes(storage.className)) return check.ok(`${storage.className}, as ${file} says`);
    return check.failed(
      `${storage.className} is not there (there are: ${list(names)}), and claims would wait for it for ever`,
      `correct storage.className in ${file}, or remove it to use the cluster's default`,
    );
  }
  const defaults = storageClasses.value
    .filter(({ metadata }) => metadata?.annotations?.[defaultClass] === "true")
    .map(nameOf);
  const [standard, ...others] = defaults;
  if (standard && !others.length) return check.ok(`${standard}, the cluster's default`);
  const [first] = names;
  const kubectl = kubectlCommand({ cluster });
  if (standard) {
    return check.warning(
      `${defaults.join(" and ")} are both the default: the newest is used`,
      `name one: storage.className in ${file}`,
    );
  }
  return check.failed(
    `none is the default (there are: ${list(names)}), and claims would wait for one for ever`,
    first
      ? `${kubectl} annotate storageclass ${first} ${defaultClass}=true\nor name one: storage.className in ${file}`
      : "install a provisioner of volumes (minikube addons enable storage-provisioner default-storageclass)",
  );
}

/**
 * The IngressClass of the environment, where it exposes something: without it nothing serves the ingress, and with the annotations
 * of another ingress controller large files and long answers are cut off, and everybody is let in.
 */
export function ingressClassCheck(
  { ingressClasses, namespaces }: Pick<ClusterFacts, "ingressClasses" | "namespaces">,
  environment: Environment,
): Check[] {
  const { name, ingress } = environment;
  const check = checkOf("cluster", "IngressClass");
  if (!releasesOf(environment).some(({ own }) => own.ingress)) return [];
  if ("refused" in ingressClasses) return [check.notChecked(ingressClasses.refused)];
  const file = `environments/${name}.yaml`;
  const { className, controller = "other" } = ingress;
  const expected = ingressController(controller);
  const object = ingressClasses.value.find((one) => nameOf(one) === className);
  if (!object && (!expected || expected.controller)) {
    return [
      check.failed(
        `${className} is not there (there are: ${list(ingressClasses.value.map(nameOf))}), and nothing would serve the ingress`,
        `install an ingress controller (see "The ingress controller" in docs/operations.md), or correct ingress.className in ${file}`,
      ),
    ];
  }
  const served = object?.spec?.controller ?? "";
  const really = controllerOfObject(served);
  if (expected?.controller ? !expected.controller.test(served) : really) {
    const guarded = releasesOf(environment).filter(({ own }) => own.ingress?.allowedSourceRanges);
    const found = `${className} is served by ${served}, and what is written is for ${expected?.title ?? "none that is known"} (ingress.controller)`;
    const fix = `say whose it is: ingress.controller: ${really ?? "other"} in ${file}`;
    return [
      guarded.length
        ? check.failed(
            `${found}: ${guarded.map(({ name }) => name).join(", ")} would be open to everybody`,
            fix,
          )
        : check.warning(found, fix),
    ];
  }
  const known = valueOf(namespaces);
  if (known && !known.includes(ingress.controllerNamespace)) {
    return [
      check.warning(
        `${className} is there, but not the namespace ${ingress.controllerNamespace}, from which alone its controller may reach the applications`,
        `name the controller's namespace: ingress.controllerNamespace in ${file}`,
      ),
    ];
  }
  const ended = endedSentence(controller);
  return [
    check.ok(`${className}, its controller in ${ingress.controllerNamespace}`),
    ...(ended
      ? [
          checkOf("cluster", "ingress controller").warning(
            ended,
            `go over to another: "The ingress controller" in docs/operations.md`,
          ),
        ]
      : []),
  ];
}

/** The RuntimeClasses, where some are named: a pod that names a missing one is refused. */
export function runtimeClassChecks(
  { runtimeClasses }: Pick<ClusterFacts, "runtimeClasses">,
  environment: Environment,
): Check[] {
  return releasesOf(environment).flatMap(({ name, application, own }) => {
    const wanted = application.runtimeClass?.(own);
    if (wanted === undefined) return [];
    const check = checkOf("cluster", "RuntimeClass");
    if ("refused" in runtimeClasses) return [check.notChecked(runtimeClasses.refused)];
    if (runtimeClasses.value.includes(wanted)) return [check.ok(wanted)];
    return [
      check.failed(
        `${wanted} is not there (there are: ${list(runtimeClasses.value)}), and the pods that name it would be refused`,
        `correct applications.${name}.gpu.runtimeClass in environments/${environment.name}.yaml, or remove it to use the cluster's default`,
      ),
    ];
  });
}

/** What GPUs are claimed of by dynamic resource allocation: a pod waits for ever for a class, or a template, that is not there. */
export function deviceClaimChecks(
  {
    deviceClasses,
    claimTemplates,
    namespaces,
  }: Pick<ClusterFacts, "deviceClasses" | "claimTemplates" | "namespaces">,
  environment: Environment,
): Check[] {
  const file = `environments/${environment.name}.yaml`;
  return releasesOf(environment).flatMap(({ name, namespace, application, own }) => {
    const claim = application.deviceClaim?.(own);
    if (!claim) return [];
    const byClass = claim.deviceClass !== undefined;
    const check = checkOf("cluster", byClass ? "DeviceClass" : "ResourceClaimTemplate");
    const wanted = claim.deviceClass ?? `${namespace}/${claim.template}`;
    if (!byClass && valueOf(namespaces)?.includes(namespace) === false) {
      return [check.warning(`${wanted}: its namespace comes with the first deploy`, "make it after that")];
    }
    const found = byClass ? deviceClasses : claimTemplates;
    if (!found || "refused" in found)
      return [check.notChecked(found?.refused ?? `${wanted} could not be read`)];
    if (found.value.includes(wanted)) return [check.ok(wanted)];
    return [
      check.failed(
        `${wanted} is not there (there are: ${list(found.value)}), and the pods that claim by it would wait for ever`,
        byClass
          ? `install the driver of the GPUs that brings it, or correct applications.${name}.gpu.deviceClass in ${file}`
          : `make it, or correct applications.${name}.gpu.claimTemplate in ${file}`,
      ),
    ];
  });
}

function list(names: readonly string[]): string {
  return names.join(", ") || "none";
}
