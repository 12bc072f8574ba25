import { names } from "../../../settings/kubernetes-names";

const labels = ["namespace", "release"] as const;
const subdomains = Object.keys(names).filter((kind) => !labels.some((label) => label === kind)) as Exclude<
  keyof typeof names,
  (typeof labels)[number]
>[];

test.each(subdomains)("the name of a %s may have dots and 253 letters", (kind) => {
  for (const name of ["a", "chat.example.com-tls", "gpu.nvidia.com", "2.fast", "a".repeat(253)]) {
    expect(names[kind].safeParse(name).success).toBe(true);
  }
  for (const name of ["", "Chat", "a_b", "-a", "a..b", ".a", "a.-b", "a".repeat(254)]) {
    expect(names[kind].safeParse(name).success).toBe(false);
  }
});

test.each(labels)("the name of a %s is a part of addresses, and has no dots", (kind) => {
  expect(names[kind].safeParse("chat-2").success).toBe(true);
  for (const name of ["", "Chat", "a.b", "a-", "a".repeat(64)]) {
    expect(names[kind].safeParse(name).success).toBe(false);
  }
});
