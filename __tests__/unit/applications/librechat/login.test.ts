import { credentialsOf, secretsOf } from "../../../../applications/credentials";
import { loadEnvironment } from "../../../../applications/load-environment";
import { loadSettings } from "../../../../applications/load-settings";
import { releaseValues } from "../../../../applications/release-values";
import { checkPlatform } from "../../../../stacks/platform";
import { failure } from "../../failure";
import { releaseOf } from "../../release-of";
import { type SampleRepository, sampleRepository } from "../../sample-repository";

/** minikube with a login, and values of LibreChat. */
function sampleWith(login: string, values?: string): SampleRepository {
  const sample = sampleRepository();
  sample.edit("environments/minikube.yaml", "  librechat:\n", `  librechat:\n    login: ${login}\n`);
  if (values !== undefined) sample.write("values/librechat.minikube.yaml", values);
  return sample;
}

function valuesOf({ root }: SampleRepository): {
  librechat: { configEnv: object; configYamlContent: string };
} {
  const settings = loadSettings(root, { ENVIRONMENT: "minikube" });
  return releaseValues(settings, releaseOf(settings.environment, "librechat")) as never;
}

const openid = "openid: { issuer: https://login.example.com/realms/staff, clientId: chat }";

test("registration is open unless an environment closes it, and nothing else of a login is set", () => {
  const { configEnv } = valuesOf(sampleWith("{}")).librechat;
  expect(configEnv).toMatchObject({ ALLOW_REGISTRATION: "true" });
  expect(Object.keys(configEnv).filter((key) => /OPENID|SOCIAL/.test(key))).toEqual([]);
  expect(valuesOf(sampleWith("{ registration: false }")).librechat.configEnv).toMatchObject({
    ALLOW_REGISTRATION: "false",
  });
});

test("domains of addresses are LibreChat's own setting", () => {
  expect(valuesOf(sampleWith("{ emailDomains: [example.com] }")).librechat.configYamlContent).toContain(
    "registration:\n  allowedDomains:\n    - example.com\n",
  );
});

test("OpenID sets all that LibreChat needs for it, and its secrets are credentials", () => {
  const sample = sampleWith(`{ ${openid} }`);
  const { configEnv } = valuesOf(sample).librechat;
  expect(configEnv).toMatchObject({
    ALLOW_SOCIAL_LOGIN: "true",
    OPENID_ISSUER: "https://login.example.com/realms/staff",
    OPENID_CLIENT_ID: "chat",
    OPENID_SCOPE: "openid profile email",
    OPENID_CALLBACK_URL: "/oauth/openid/callback",
  });
  expect(JSON.stringify(configEnv)).not.toContain("SECRET");
  const environment = loadEnvironment(sample.root, "minikube");
  const [secret, session] = credentialsOf(environment).filter(({ key }) => key.startsWith("OPENID"));
  // One is given by whoever runs the issuer, the other is made.
  expect([secret?.key, secret?.bytes, session?.key, session?.bytes]).toEqual([
    ...["OPENID_CLIENT_SECRET", undefined],
    ...["OPENID_SESSION_SECRET", 32],
  ]);
  const [web] = secretsOf(environment);
  expect(Object.keys(web?.keys ?? {})).toEqual(
    expect.arrayContaining(["OPENID_CLIENT_SECRET", "OPENID_SESSION_SECRET"]),
  );
});

test.each([
  ["ALLOW_REGISTRATION", "login.registration in"],
  ["OPENID_ISSUER", "login.openid.issuer in"],
  ["OPENID_CLIENT_ID", "login.openid.clientId in"],
  ["OPENID_CLIENT_SECRET", "npm run secrets"],
  ["OPENID_SESSION_SECRET", "npm run secrets"],
])("fails on %s among the values, with the place where it goes, and without its value", (variable, place) => {
  for (const login of ["{}", `{ ${openid} }`]) {
    const text = `librechat: { configEnv: { ${variable}: "hunter2-hunter2" } }\n`;
    const said = failure(() =>
      checkPlatform(loadSettings(sampleWith(login, text).root, { ENVIRONMENT: "minikube" })),
    );
    expect(said).toContain(
      `values/librechat.minikube.yaml:1: librechat.configEnv.${variable}: is decided by `,
    );
    expect(said).toContain(place);
    expect(said).not.toContain("hunter2");
  }
});

test("what else LibreChat knows of OpenID stays among the values", () => {
  const values = 'librechat: { configEnv: { OPENID_BUTTON_LABEL: "Staff", OPENID_SCOPE: "openid email" } }\n';
  const sample = sampleWith(`{ ${openid} }`, values);
  expect(() => checkPlatform(loadSettings(sample.root, { ENVIRONMENT: "minikube" }))).not.toThrow();
  expect(valuesOf(sample).librechat.configEnv).toMatchObject({ OPENID_SCOPE: "openid email" });
});

test("fails on domains in LibreChat's own file, and on a social login that is off beside OpenID", () => {
  const sample = sampleWith("{}");
  sample.edit(
    "values/config/librechat.yaml",
    "version:",
    "registration: { allowedDomains: [a.example] }\nversion:",
  );
  expect(failure(() => valuesOf(sample))).toContain(
    "registration.allowedDomains: is decided by applications.librechat.login.emailDomains in environments/minikube.yaml",
  );
  const off = sampleWith(`{ ${openid} }`, 'librechat: { configEnv: { ALLOW_SOCIAL_LOGIN: "false" } }\n');
  expect(failure(() => checkPlatform(loadSettings(off.root, { ENVIRONMENT: "minikube" })))).toContain(
    "librechat.configEnv.ALLOW_SOCIAL_LOGIN: is decided by applications.librechat.login.openid in",
  );
});

test.each([
  [
    "{ openid: { issuer: http://login.example.com, clientId: chat } }",
    "login.openid.issuer: expected an address that begins with https://",
  ],
  [
    "{ openid: { issuer: login.example.com, clientId: chat } }",
    "login.openid.issuer: expected an address, such as",
  ],
  ["{ openid: { issuer: https://login.example.com } }", "login.openid.clientId: missing"],
  ["{ emailDomains: ['@example.com'] }", "login.emailDomains[0]: expected a domain in small letters"],
  ["{ emailDomains: [] }", "login.emailDomains: expected at least one"],
  ["{ registration: closed }", "login.registration: expected true or false"],
])("fails on %s", (login, message) => {
  expect(failure(() => valuesOf(sampleWith(login)))).toContain(message);
});
