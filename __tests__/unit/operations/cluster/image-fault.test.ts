import type { CoreV1Event, V1ContainerStatus } from "@kubernetes/client-node";
import { imageFault } from "../../../../operations/cluster/image-fault";

const waiting = (reason: string, message = "Back-off pulling image") =>
  ({ name: "main", image: "echo:1", state: { waiting: { reason, message } } }) as V1ContainerStatus;

/** What a pull says, as the kubelet repeats it. */
const said = (message: string, reason = "Failed"): CoreV1Event => ({
  metadata: {},
  involvedObject: {},
  reason,
  message,
  lastTimestamp: new Date("2026-01-01T00:00:01Z"),
});

const of = (message: string) =>
  imageFault(waiting("ImagePullBackOff"), [said(`Failed to pull image "not-found/denied:404": ${message}`)]);

/** In the words of containerd and Docker, and whether trying again changes nothing. */
test.each<[string, boolean, string]>([
  [
    "image not found",
    true,
    'failed to resolve reference "reg.example/echo:1": reg.example/echo:1: not found',
  ],
  ["image not found", true, "Error response from daemon: manifest for echo:1 not found: manifest unknown"],
  [
    "image not found",
    true,
    "unexpected status from HEAD request to https://ghcr.io/v2/echo/manifests/1: 404 Not Found",
  ],
  [
    "registry's host name not resolved",
    false,
    'failed to do request: Head "https://nowhere.example/v2/echo/manifests/1": dial tcp: lookup nowhere.example on 10.0.0.2:53: no such host',
  ],
  [
    "registry's host name not resolved",
    false,
    "dial tcp: lookup reg.example: Temporary failure in name resolution",
  ],
  [
    "image refused without valid credentials",
    true,
    "failed to authorize: failed to fetch anonymous token: unexpected status from GET request to https://reg.example/token?scope=pull: 401 Unauthorized",
  ],
  ["image refused without valid credentials", true, "no basic auth credentials"],
  [
    "image refused to these credentials",
    true,
    "unexpected status from HEAD request to https://reg.example/v2/x: 403 Forbidden",
  ],
  ["image refused to these credentials", true, "reading manifest 1 in reg.example/echo: denied: denied"],
  ["image refused", true, "denied: requested access to the resource is denied"],
  [
    "image refused",
    true,
    "failed to authorize: failed to fetch anonymous token: unexpected status from GET request to https://ghcr.io/token?scope=pull: 403 Forbidden",
  ],
  [
    "image refused",
    true,
    'permission "artifactregistry.repositories.downloadArtifacts" denied on resource (or it may not exist)',
  ],
  ["what answers is no registry", false, "unexpected media type text/html for sha256:0123: not found"],
  ["registry fails", false, "unexpected status from HEAD request to https://reg.example/v2/x: 521 <none>"],
  ["pull not done in time", false, "rpc error: code = DeadlineExceeded desc = context deadline exceeded"],
  ["image refused", true, "pull access denied, repository does not exist or may require authorization"],
  [
    "registry limits pulls",
    false,
    "toomanyrequests: You have reached your unauthenticated pull rate limit. https://www.docker.com/increase-rate-limit",
  ],
  [
    "registry limits pulls",
    false,
    "unexpected status from GET request to https://reg.example/v2/x: 429 Too Many Requests",
  ],
  [
    "registry's TLS not trusted",
    false,
    "tls: failed to verify certificate: x509: certificate signed by unknown authority",
  ],
  ["registry's TLS not trusted", false, "http: server gave HTTP response to HTTPS client"],
  [
    "proxy does not let the pull through",
    false,
    "proxyconnect tcp: dial tcp: lookup proxy.corp on 10.0.0.2:53: no such host",
  ],
  ["proxy does not let the pull through", false, "Proxy Authentication Required"],
  ["registry not reached", false, "dial tcp 10.0.0.1:443: i/o timeout"],
  ["registry not reached", false, "net/http: TLS handshake timeout"],
  [
    "registry fails",
    false,
    "unexpected status from HEAD request to https://reg.example/v2/x: 503 Service Unavailable",
  ],
  ["image not built for its node", true, "no match for platform in manifest: not found"],
  ["no room for the image", false, "write /var/lib/containerd/ingest/1: no space left on device"],
  ["image cannot be pulled", false, "something that nobody has seen yet"],
])("%s (for good: %s): %s", (reason, final, message) => {
  const found = of(message);
  expect(found?.reason).toBe(reason);
  expect(found?.detail).toContain(message.slice(0, 40));
  expect(found?.incurable !== undefined).toBe(final);
});

test("each of them has a remedy of its own", () => {
  const next = [
    "not found",
    "no such host",
    "401",
    "403",
    "429",
    "x509: unknown",
    "proxyconnect",
    "EOF",
    "503",
  ].map((message) => of(message)?.next);
  expect(new Set(next).size).toBe(next.length);
});

test("what the node says by itself needs no registry", () => {
  expect(imageFault(waiting("InvalidImageName", "couldn't parse image name"), [])).toMatchObject({
    reason: "image's name is none",
    incurable: {},
  });
  expect(imageFault(waiting("ErrImageNeverPull"), [])?.reason).toBe("image not on its node");
  expect(imageFault(waiting("ContainerCreating"), [])).toBeUndefined();
});

test("newer kubelets say it in the status, which is enough where the event is gone", () => {
  const message =
    'Back-off pulling image "echo:1": ErrImagePull: failed to pull: reg.example/echo:1: not found';
  expect(imageFault(waiting("ImagePullBackOff", message), [])?.reason).toBe("image not found");
});

test("of an image that is refused, a Secret of imagePullSecrets that is not there is the cause", () => {
  const missing =
    "Unable to retrieve some image pull secrets (regcred); attempting to pull the image may not succeed.";
  const events = [
    said('Failed to pull image "echo:1": 401 Unauthorized'),
    said(missing, "FailedToRetrieveImagePullSecret"),
  ];
  expect(imageFault(waiting("ErrImagePull"), events)?.next).toContain("(regcred)");
});
