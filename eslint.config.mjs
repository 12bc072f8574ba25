import fs from "node:fs";
import tseslint from "typescript-eslint";

/** The applications, as their registry imports them, and the charts, as their lock names them. */
const applicationNames = [
  ...new Set([
    ...named("applications/registry.ts", /^import \{ .* \} from "\.\/(.*)";$/gm),
    ...named("charts/lock.yaml", /^([\w-]+):$/gm),
  ]),
];

function named(file, pattern) {
  return [...fs.readFileSync(new URL(file, import.meta.url), "utf8").matchAll(pattern)].map(
    ([, name]) => name,
  );
}

/** Whether letters on both sides of it make it a part of another word; a capital begins a word. */
function isPartOfWord(text, index, length) {
  const [before = "", first, after = ""] = [text[index - 1], text[index], text[index + length]];
  return (/[a-z]/i.test(before) && !/[A-Z]/.test(first)) || /[a-z]/.test(after);
}

/** Names that are words of the language, too: these are looked for as texts of their own alone. */
const ordinaryWords = [];

const mentions = applicationNames.map((name) =>
  ordinaryWords.includes(name) ? `(?<=["'\`])${name}(?=["'\`])` : name,
);

const noApplicationName = {
  create: ({ sourceCode, report }) => ({
    Program: () => {
      const { text } = sourceCode;
      for (const { 0: name, index } of text.matchAll(new RegExp(mentions.join("|"), "gi"))) {
        if (isPartOfWord(text, index, name.length)) continue;
        report({
          loc: {
            start: sourceCode.getLocFromIndex(index),
            end: sourceCode.getLocFromIndex(index + name.length),
          },
          message: `what the platform knows of ${name} stands in applications/: go through the applications, and take what you need from each; a name that is an ordinary word goes to ordinaryWords in eslint.config.mjs`,
        });
      }
    },
  }),
};

/** A workflow is text to this rule. */
const anyText = {
  parse: (text) => ({
    ...{ type: "Program", sourceType: "module", body: [], tokens: [], comments: [] },
    ...{ range: [0, text.length], loc: { start: { line: 1, column: 0 }, end: { line: 1, column: 0 } } },
  }),
};

/** What an option is where nobody sets it, in the one place where editors and people look for it. */
const documentedDefaults = {
  meta: {
    type: "suggestion",
    schema: [],
    messages: {
      prose: "write @default VALUE, or @default - in words",
      missing: "say what {{name}} is where nobody sets it: @default VALUE, or @default - in words",
    },
  },
  create: ({ report, sourceCode }) => ({
    Program: () =>
      sourceCode
        .getAllComments()
        .filter(
          ({ type, value }) => type === "Block" && /^\*[^]*\bdefault: /i.test(value.replace(/`.*?`/g, "")),
        )
        .forEach(({ loc }) => report({ loc, messageId: "prose" })),
    "ExportNamedDeclaration > TSInterfaceDeclaration > TSInterfaceBody > TSPropertySignature[optional=true]":
      (node) => {
        const documented = sourceCode.getCommentsBefore(node).some(({ value }) => value.includes("@default"));
        if (!documented) report({ node, messageId: "missing", data: { name: sourceCode.getText(node.key) } });
      },
  }),
};

const restrictedSyntax = [
  "error",
  {
    // The root of a provider package costs 0.65 s and 250 MB at every synth.
    selector: "ImportDeclaration[source.value=/^@cdktf\\u002Fprovider-[a-z]+$/]",
    message: "import from the provider's lib/ folder, e.g. @cdktf/provider-helm/lib/release",
  },
  {
    // What cdktf asks of a list or an object is util.isArray, which Node 22 and newer warn about.
    selector:
      "NewExpression[callee.name='TerraformOutput'] > ObjectExpression > Property[key.name='value'] > :matches(ArrayExpression, ObjectExpression)",
    message: "wrap the list or the object in Token.asAny",
  },
];

const ownWrite = {
  // What a container has logged may clear a terminal, or hide lines of a CI log.
  selector: "CallExpression[callee.property.name='write'][callee.object.object.name='process']",
  message: "print with write or print of terminal/print, which leave out what a terminal obeys",
};

const engineNames = ["Literal[value=/\\bTerraform\\b/]", "TemplateElement[value.raw=/\\bTerraform\\b/]"].map(
  (selector) => ({
    selector,
    message:
      "the engine may be OpenTofu: say what happens without its name, or with the title of settings/engine.ts",
  }),
);

export default tseslint.config(
  { ignores: ["node_modules/", "cdktf.out/", ".sandbox/"] },
  ...tseslint.configs.recommended,
  {
    rules: {
      "no-restricted-syntax": restrictedSyntax,
      "@typescript-eslint/no-explicit-any": "error",
    },
  },
  { files: ["operations/**/*.ts"], rules: { "no-restricted-syntax": [...restrictedSyntax, ownWrite] } },
  {
    files: ["operations/**/*.ts"],
    // It measures Terraform, whichever engine the platform has.
    ignores: ["operations/bench/**", "operations/commands/bench.ts"],
    rules: { "no-restricted-syntax": [...restrictedSyntax, ownWrite, ...engineNames] },
  },
  {
    // One that is added is a module of applications/, and nothing beside it.
    files: ["**/*.{ts,mjs,cjs}", ".github/**/*.yml"],
    ignores: [
      ...["applications/**", "values/**", "charts/**", "environments/**", "docs/**", "__tests__/**"],
      // Types of their values, generated.
      "contracts/generated/**",
      // It runs a model server of its own, beside the cluster.
      "operations/sandbox/**",
    ],
    plugins: { platform: { rules: { "no-application-name": noApplicationName } } },
    rules: { "platform/no-application-name": "error" },
  },
  { files: ["**/*.yml"], languageOptions: { parser: anyText } },
  {
    ignores: ["__tests__/**", "**/*.yml"],
    plugins: { house: { rules: { "documented-defaults": documentedDefaults } } },
    rules: { "house/documented-defaults": "error" },
  },
  {
    // Loaded before anything can load TypeScript or ES modules.
    files: ["**/*.cjs"],
    rules: { "@typescript-eslint/no-require-imports": "off" },
  },
  {
    // Same input, same output: synth reads its environment in one place.
    files: ["stacks/**", "applications/**", "constructs/**", "policies/**", "contracts/**", "settings/**"],
    ignores: ["settings/load-settings.ts"],
    rules: {
      "no-restricted-properties": [
        "error",
        {
          object: "process",
          property: "env",
          message: "only settings/load-settings.ts reads the environment",
        },
        { object: "Date", property: "now", message: "synth must not depend on the clock" },
        { object: "Math", property: "random", message: "synth must not depend on chance" },
      ],
    },
  },
);
