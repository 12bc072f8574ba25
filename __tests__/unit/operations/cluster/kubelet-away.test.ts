import { kubeletAway, withoutRequests } from "../../../../operations/cluster/kubelet-away";

const script = encodeURIComponent("const url = process.argv[1]; fetch(url)".repeat(20));

test.each([
  [
    `error sending request: Post "https://10.0.0.2:10250/exec/chat/p/main?command=node&command=-e&command=${script}": dial tcp 10.0.0.2:10250: connect: connection refused`,
    "dial tcp 10.0.0.2:10250: connect: connection refused",
  ],
  [
    'Get "https://10.0.0.2:10250/containerLogs/chat/p/main?tailLines=1": dial tcp 10.0.0.2:10250: connect: no route to host',
    "dial tcp 10.0.0.2:10250: connect: no route to host",
  ],
  ["error dialing backend: dial tcp 10.0.0.2:10250: i/o timeout", "dial tcp 10.0.0.2:10250: i/o timeout"],
  [
    "Internal error occurred: error dialing backend: remote error: tls: internal error",
    "remote error: tls: internal error",
  ],
])("a kubelet that the API server does not reach is told by its node: %s", (said, why) => {
  const found = kubeletAway(said, "n1", "kubectl --context x");
  expect(found?.found).toBe(`the kubelet of the node n1 does not answer: ${why}`);
  expect(found?.next).toContain("kubectl --context x describe node n1");
  expect(found?.message).not.toContain("command=");
});

test.each([
  "error forwarding port 11434 to pod ollama-1/ollama: failed to dial 127.0.0.1:1: connect: connection refused",
  'Internal error occurred: failed to exec in container: exec: "node": executable file not found in $PATH',
])("what a kubelet says by itself is another fault: %s", (said) => {
  expect(kubeletAway(said, "n1", "kubectl")).toBeUndefined();
});

test("of no request is shown what it asked", () => {
  expect(withoutRequests(`Get "https://10.0.0.2:10250/logs?x=${script}": EOF`)).toBe("EOF");
});
