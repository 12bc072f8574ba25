import {
  assignmentsText,
  blockText,
  Expression,
  expressionText,
  templateParts,
} from "../../../../operations/eject/hcl";

test("what the provider calls a block is one, once or more often, and everything else is an attribute", () => {
  const body = {
    depends_on: [new Expression("null_resource.first")],
    timeouts: { create: "1m" },
    rule: [{ port: 80 }, {}],
    labels: { app: "chat", "app.kubernetes.io/name": "chat", for: "all" },
    enabled: true,
    name: "chat",
  };
  expect(blockText(["resource", "some_thing", "chat"], body, { rule: {} }))
    .toBe(`resource "some_thing" "chat" {
  name = "chat"
  enabled = true

  labels = {
    app = "chat"
    "app.kubernetes.io/name" = "chat"
    "for" = "all"
  }

  rule {
    port = 80
  }

  rule {}

  timeouts = {
    create = "1m"
  }

  depends_on = [null_resource.first]
}
`);
});

test("a reason stands above what it is of, by the names that lead to it", () => {
  const reasons: { readonly [path: string]: string } = { "": "why it is there", "spec.wait": "why it waits" };
  const blocks = { spec: {} };
  const body = { spec: { port: 1, wait: true } };
  expect(blockText(["resource", "some_thing", "chat"], body, blocks, (path) => reasons[path]))
    .toBe(`# why it is there
resource "some_thing" "chat" {
  spec {
    port = 1

    # why it waits
    wait = true
  }
}
`);
});

test.each([
  ["${var.name}", "var.name"],
  ["$${NAME}", '"$${NAME}"'],
  ['say "hi" \\ ${join("}", ["${var.a}"])}', '"say \\"hi\\" \\\\ ${join("}", ["${var.a}"])}"'],
  ["${var.a}${var.b}", '"${var.a}${var.b}"'],
  ["one\ntwo", "chomp(<<-EOT\n  one\n  two\nEOT\n)"],
  ["one\n\n  two\n", "(<<-EOT\n  one\n\n    two\nEOT\n)"],
  ["  all\n  indented\n", '"  all\\n  indented\\n"'],
  ["a\nEOT\n", '"a\\nEOT\\n"'],
])("the template %j of JSON is %s", (template, expression) => {
  expect(expressionText(template)).toBe(expression);
});

test("lists are of one line where they fit, and objects never", () => {
  expect(expressionText({ few: ["a", "b"], none: {}, many: ["a".repeat(50), "b".repeat(50)] })).toBe(`{
  few = ["a", "b"]
  none = {}
  many = [
    "${"a".repeat(50)}",
    "${"b".repeat(50)}",
  ]
}`);
});

test("the parts of a template are its expressions, with braces and quotation marks in them, and what is between", () => {
  expect(templateParts('a $${b} ${f({ c = "}" })} %{ if d }e')).toEqual([
    { text: "a $${b} ", isExpression: false },
    { text: '${f({ c = "}" })}', isExpression: true },
    { text: " ", isExpression: false },
    { text: "%{ if d }", isExpression: true },
    { text: "e", isExpression: false },
  ]);
});

test("values of variables are assignments", () => {
  expect(assignmentsText({ numbers: { chat: 7 } })).toBe("numbers = {\n  chat = 7\n}\n");
});
