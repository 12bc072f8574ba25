import { environmentJsonSchema } from "../../../applications/environment-schema";
import { releasesOf } from "../../../applications/releases";
import { check } from "../../../settings/check";
import { environmentSchema } from "../../../settings/environment";
import { SettingsError } from "../../../settings/settings-error";
import { anyValues, placesOf, withValue } from "../places";
import { faultsOf, validator } from "../validator";

const schema = environmentJsonSchema();
const validate = validator().compile(schema);

const environment = {
  cluster: { context: "minikube" },
  applications: {
    ollama: { models: ["llama2"], gpu: { count: 1 } },
    other: { application: "ollama", models: ["tiny"], gpu: { count: 0 } },
    librechat: null,
  },
};

/** Whether the program takes an environment. */
function isTaken(found: unknown): boolean {
  try {
    releasesOf({ ...check(environmentSchema, found, "environments/sample.yaml"), name: "sample" });
    return true;
  } catch (error) {
    if (error instanceof SettingsError) return false;
    throw error;
  }
}

const ownValues = [
  ...[0, 4, "4", "4Gi", "chat.example.com", ["10.0.0.0/8"]],
  { source: "file" },
  { source: "sops", file: "environments/a.env" },
  { source: "secret", name: "chat" },
  { backend: "local" },
  { backend: "s3", bucket: "states", region: "eu-central-1", endpoint: "https://s3.example.com" },
  { backend: "kubernetes", namespace: "states" },
  { host: "chat.example.com", tls: { secretName: "chat" } },
  { host: "chat.example.com", allowedSourceRanges: ["10.0.0.0/8"] },
  { application: "librechat" },
  { models: ["tiny"], gpu: { count: 1, runtimeClass: "nvidia" }, needs: ["other"], namespace: "there" },
];

test("the schema takes every environment that the program takes", () => {
  expect(isTaken(environment)).toBe(true);
  const taken = placesOf(schema).flatMap(({ place }) =>
    [...anyValues, ...ownValues].map((value) => withValue(environment, place, value)).filter(isTaken),
  );
  expect(taken.flatMap((one) => (validate(one) ? [] : [[one, faultsOf(validate, one)]]))).toEqual([]);
  expect(taken.length).toBeGreaterThan(100);
});

const release = (name: string, own: unknown) => ({
  ...environment,
  applications: { ...environment.applications, [name]: own },
});

test.each<[string, unknown, string]>([
  ["a misspelt key", { ...environment, storrage: {} }, " must NOT have additional properties"],
  [
    "a wrong type",
    release("ollama", { models: ["llama2"], gpu: { count: "1" } }),
    "/applications/ollama/gpu/count must be integer",
  ],
  [
    "a setting that the application does not know",
    release("librechat", { gpu: { count: 1 } }),
    "/applications/librechat must NOT have additional properties",
  ],
  [
    "a setting that the application of another name does not know",
    release("other", { application: "ollama", models: ["tiny"], gpu: { count: 0 }, uploadLimitMebibytes: 1 }),
    "/applications/other must NOT have additional properties",
  ],
  [
    "an application that there is not",
    release("other", { application: "olama" }),
    "/applications/other/application must be equal to one of the allowed values",
  ],
  [
    "a release of another name that says of no application",
    release("other", { models: ["tiny"], gpu: { count: 0 } }),
    "/applications/other must have required property 'application'",
  ],
  ["a release without what it must say", release("ollama", null), "/applications/ollama must be object"],
  [
    "an ingress that lets everybody in",
    release("ollama", { models: ["llama2"], gpu: { count: 1 }, ingress: { host: "ollama.example.com" } }),
    "/applications/ollama/ingress must have required property 'allowedSourceRanges'",
  ],
  [
    "a backend without its bucket",
    { ...environment, state: { backend: "s3", region: "eu-central-1" } },
    "/state must have required property 'bucket'",
  ],
  [
    "no application",
    { ...environment, applications: {} },
    "/applications must NOT have fewer than 1 properties",
  ],
])("the schema refuses %s", (_, found, fault) => {
  expect(isTaken(found)).toBe(false);
  expect(faultsOf(validate, found)).toContain(fault);
});

test("every key of an environment says what it is", () => {
  const silent = placesOf(schema).filter(
    ({ place, says }) =>
      typeof place.at(-1) === "string" &&
      place.at(-1) !== "other" &&
      !says.some(({ title, description, const: only }) => title ?? description ?? only),
  );
  expect(silent.map(({ place }) => place.join("."))).toEqual([]);
});
