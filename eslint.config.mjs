import tseslint from "typescript-eslint";

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

export default tseslint.config(
  { ignores: ["node_modules/", "cdktf.out/", ".sandbox/"] },
  ...tseslint.configs.recommended,
  {
    rules: {
      "no-restricted-syntax": [
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
      ],
      "@typescript-eslint/no-explicit-any": "error",
    },
  },
  {
    ignores: ["__tests__/**"],
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
