import type { CoreV1Event, V1ContainerStatus } from "@kubernetes/client-node";
import { eventTime } from "./object-events";
import type { NotReadyFinding } from "./not-ready-reason";
import { oneLine } from "./one-line";

/** What a container waits for that has no image. */
const waitsForImage = new Set([
  "ErrImagePull",
  "ImagePullBackOff",
  "InvalidImageName",
  "ErrImageNeverPull",
  "ImageInspectError",
  "RegistryUnavailable",
  "SignatureValidationFailed",
]);

interface PullFault extends Pick<NotReadyFinding, "reason" | "next"> {
  readonly pattern: RegExp;
  /** Whether trying again changes nothing. @default false */
  readonly final?: true;
}

const credentials = "give it imagePullSecrets in the values";

/** What registries, and what is on the way to them, say of a pull. The first that matches is used. */
const pullFaults: readonly PullFault[] = [
  {
    pattern: /InvalidImageName|invalid reference|couldn't parse image/i,
    reason: "image's name is none",
    next: "correct the image's repository or tag in the values, then deploy again",
    final: true,
  },
  {
    pattern: /ErrImageNeverPull/,
    reason: "image not on its node",
    next: "bring the image onto the node, or let it be pulled: image.pullPolicy in the values",
    final: true,
  },
  {
    pattern: /SignatureValidationFailed/,
    reason: "image's signature refused",
    next: "name an image in the values that is signed as the node asks for",
    final: true,
  },
  {
    pattern: /proxyconnect|proxy authentication required|\b407\b/i,
    reason: "proxy does not let the pull through",
    next: "correct HTTPS_PROXY and NO_PROXY of the container runtime on the node",
  },
  {
    pattern: /x509|certificate|\btls: |HTTP response to HTTPS client/i,
    reason: "registry's TLS not trusted",
    next: "have the container runtime on the node trust the registry's certificate, or name the registry by the name that the certificate has",
  },
  {
    pattern: /no such host|server misbehaving|name resolution|\blookup \S+( on \S+)?:/i,
    reason: "registry's host name not resolved",
    next: "correct the registry of the image in the values, or the DNS of the node",
  },
  {
    pattern: /toomanyrequests|too many requests|\b429\b|rate limit/i,
    reason: "registry limits pulls",
    next: `wait until it lets the node pull again; for more pulls ${credentials}, or name a mirror as the image's registry`,
  },
  {
    // Who sends no credentials is told by some registries that he may not, whether there is such an image or not.
    pattern:
      /pull access denied|does not exist or may require|may not exist|insufficient_scope|access to the resource is denied|anonymous token.*\b403\b/i,
    reason: "image refused",
    next: `the registry does not say whether it exists: correct its repository in the values, or, where it is private, ${credentials}`,
    final: true,
  },
  {
    pattern: /\b401\b|unauthorized|authentication required|no basic auth credentials|incorrect username/i,
    reason: "image refused without valid credentials",
    next: `the registry does not know who pulls: ${credentials}, or renew those that are there`,
    final: true,
  },
  {
    pattern: /\b403\b|forbidden|denied/i,
    reason: "image refused to these credentials",
    next: `the registry knows who pulls, and lets them not: give that account the right to pull it, or others: imagePullSecrets in the values`,
    final: true,
  },
  {
    pattern: /\btexthtml\b/i,
    reason: "what answers is no registry",
    next: "see what stands between the node and the registry, such as a proxy or a page for logging in, and the registry's name in the values",
  },
  {
    pattern: /no match for platform|no matching manifest/i,
    reason: "image not built for its node",
    next: "name an image in the values that is built for the node's architecture, or choose the node with nodeSelector",
    final: true,
  },
  {
    pattern: /\bnot found\b|code = NotFound|manifest unknown|name unknown|\b404\b/i,
    reason: "image not found",
    next: "correct the image's repository or tag in the values, then deploy again",
    final: true,
  },
  {
    pattern: /no space left on device/i,
    reason: "no room for the image",
    next: "free disk on its node: unused images are the most of it (crictl rmi --prune)",
  },
  {
    pattern: /\bstatus\b.*\b5\d\d\b|\b50[0234]\b|internal server error|service unavailable|bad gateway/i,
    reason: "registry fails",
    next: "wait until the registry answers again, or name a mirror as the image's registry",
  },
  {
    pattern: /timeout|timed out|connection re(fused|set)|no route to host|unreachable|\bEOF\b|dial tcp/i,
    reason: "registry not reached",
    next: "see that the node reaches the registry: its network, a firewall, a proxy",
  },
  {
    pattern: /deadline ?exceeded/i,
    reason: "pull not done in time",
    next: "what is pulled so far stays, and the node tries again; see how fast it reaches the registry, and the time-out of its container runtime",
  },
];

/**
 * Why a container has no image; undefined where that is not what it waits for.
 *
 * @param events of the container, the newest first
 */
export function imageFault(
  { name, state, image }: V1ContainerStatus,
  events: readonly CoreV1Event[],
): Omit<NotReadyFinding, "object"> | undefined {
  const { reason = "", message = "" } = state?.waiting ?? {};
  if (!waitsForImage.has(reason)) return undefined;
  // While it waits to try again the container says only that it waits; the event says what the registry said.
  const said = events.find((event) =>
    /Failed to pull image|Failed to apply default image/.test(event.message ?? ""),
  );
  const detail = oneLine(said?.message ?? (message || `${reason} of ${image}, in the container ${name}`));
  const fault = pullFault(`${reason} ${detail}`);
  const secrets = events.find((event) => event.reason === "FailedToRetrieveImagePullSecret");
  return {
    reason: fault?.reason ?? "image cannot be pulled",
    detail,
    next:
      secrets && fault?.reason.startsWith("image refused")
        ? `make the Secret of imagePullSecrets: ${oneLine(secrets.message ?? "")}`
        : (fault?.next ?? "see what the node says of it, then deploy again"),
    ...(fault?.final && { incurable: { seen: said ? eventTime(said) : 0 } }),
  };
}

/** What a registry, or what is on the way to it, means by what it says; undefined where nobody here knows. */
export function pullFault(said: string): Omit<PullFault, "pattern"> | undefined {
  const text = withoutNames(said);
  return pullFaults.find(({ pattern }) => pattern.test(text));
}

/** An image may be called not-found, and its tag 404. */
function withoutNames(text: string): string {
  return text
    .replace(/"[^"]*"/g, "")
    .replace(/\b(i)\/(o)\b|\b(text)\/(html)\b/g, "$1$2$3$4")
    .replace(/\bhttps?:\/\/\S+/g, (url) => (url.endsWith(":") ? ":" : ""))
    .replace(/[\w.-]+(:\d+)?(\/[\w.-]+)+(:[\w.-]+)?(@\w+:\w+)?/g, "");
}
