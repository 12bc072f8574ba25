// Imports run one way: what stands to the right, or below, knows nothing of what stands to the left, or above.

// The program: each imports those after it.
const program = ["main.ts", "stacks", "applications", "constructs", "policies", "contracts", "settings"];

// Everything around the program: each imports those below it, and the program.
const operations = [
  ["commands"],
  ["command-line"],
  ["platform", "testing", "bench", "github", "scan", "eject"],
  ["backup", "drift"],
  ["deploy"],
  ["doctor", "verify", "users"],
  ["diff"],
  ["releases", "charts"],
  ["schemas"],
  ["secrets"],
  ["helm"],
  ["terraform"],
  ["cluster", "sandbox"],
  ["terminal"],
  ["errors"],
];

/** A rule against each import from `names` of a layer to those of the layers above it. */
const upwards = (layers, pattern) =>
  layers.slice(1).map((layer, index) => ({
    name: `${layer.join("-")}-imports-downwards`,
    severity: "error",
    comment: "the thing lies too high: move it to the lowest folder that owns it",
    from: { path: pattern(layer) },
    to: { path: pattern(layers.slice(0, index + 1).flat()) },
  }));

const beside = operations
  .filter((layer) => layer.length > 1)
  .flatMap((layer) =>
    layer.map((name) => ({
      name: `${name}-imports-no-neighbour`,
      severity: "error",
      comment: "two concerns that know each other are one, or share something that lies below both",
      from: { path: `^operations/${name}/` },
      to: { path: `^operations/(${layer.filter((other) => other !== name).join("|")})/` },
    })),
  );

module.exports = {
  forbidden: [
    {
      name: "no-circle",
      severity: "error",
      comment: "split one of them where the other needs only a part",
      from: {},
      to: { circular: true },
    },
    {
      name: "program-knows-no-operations",
      severity: "error",
      comment: "what is synthesized depends on nothing around it",
      from: { path: `^(${program.join("|")})` },
      to: { path: "^operations/" },
    },
    {
      name: "commands-load-no-cdktf",
      severity: "error",
      comment: "it takes longer to load than everything else: a synth is a process of its own",
      from: { path: "^operations/", pathNot: "^operations/(platform/start|deploy/destroy)\\.ts$" },
      to: {
        path: "^(stacks|constructs)/",
        pathNot: "^constructs/terraform-version\\.ts$",
        dependencyTypesNot: ["type-only"],
      },
    },
    ...upwards(
      program.map((name) => [name]),
      (names) => `^(${names.join("|")})(/|$)`,
    ),
    ...upwards(operations, (names) => `^operations/(${names.join("|")})/`),
    ...beside,
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^(node_modules|cdktf\\.out|__tests__)" },
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { extensions: [".ts", ".mjs", ".cjs", ".js", ".json"] },
  },
};
