import * as http from "node:http";
import * as net from "node:net";
import { loadEnvironment } from "../../../../applications/load-environment";
import { issuerCheck, openidIssuerChecks } from "../../../../operations/doctor/openid-issuers";
import { repository, sampleRepository } from "../../sample-repository";

const setting = "applications.librechat.login.openid.issuer in environments/x.yaml";
const servers: net.Server[] = [];
afterEach(() =>
  Promise.all(servers.splice(0).map((server) => new Promise((closed) => server.close(closed)))),
);

async function listen(server: net.Server): Promise<string> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `127.0.0.1:${(server.address() as net.AddressInfo).port}`;
}

/** An issuer that answers this below /realms/staff, whose own address stands for ISSUER in it. */
async function issuer(status: number, body: string): Promise<string> {
  const server = http.createServer((request, response) => {
    const isDocument = request.url === "/realms/staff/.well-known/openid-configuration";
    response.writeHead(isDocument ? status : 404);
    response.end(body.replaceAll("ISSUER", address));
  });
  const address = `http://${await listen(server)}/realms/staff`;
  return address;
}

const document = {
  issuer: "ISSUER",
  authorization_endpoint: "ISSUER/auth",
  token_endpoint: "ISSUER/token",
  jwks_uri: "ISSUER/keys",
};

async function checked(status: number, body: unknown, suffix = "") {
  const address = await issuer(status, typeof body === "string" ? body : JSON.stringify(body));
  const { result, found, fix = "" } = await issuerCheck(`${address}${suffix}`, setting, 20_000);
  return `${result}: ${found} → ${fix}`.replaceAll(address, "ISSUER");
}

test("an issuer that describes itself as the environment names it is well", async () => {
  expect(await checked(200, document)).toBe("ok: ISSUER describes itself so → ");
});

test.each([
  [
    "another issuer",
    200,
    { ...document, issuer: "https://login.example.com" },
    `failed: ISSUER/.well-known/openid-configuration is the document of https://login.example.com, and the environment names ISSUER: a login refuses what differs, a slash at the end too → correct ${setting} to https://login.example.com`,
  ],
  [
    "no issuer",
    404,
    "",
    "failed: ISSUER/.well-known/openid-configuration answers 404: an issuer has its discovery document there",
  ],
  ["one that is out of order", 503, "", "warning: ISSUER/.well-known/openid-configuration answers 503"],
  [
    "a page",
    200,
    "<html>",
    "failed: ISSUER/.well-known/openid-configuration answers something else than a discovery document",
  ],
  [
    "one without keys",
    200,
    { ...document, jwks_uri: undefined },
    "failed: ISSUER/.well-known/openid-configuration lacks jwks_uri, which a login needs",
  ],
])("%s is told from the others", async (_, status, body, said) => {
  expect(await checked(status, body)).toContain(said);
});

test("a slash at the end is another issuer", async () => {
  expect(await checked(200, document, "/")).toContain(`correct ${setting} to ISSUER`);
});

test("a name that does not resolve, no TLS, nobody, and no answer in time are told apart, and are warnings", async () => {
  const said = async (address: string, timeoutMs = 20_000) => {
    const { result, found } = await issuerCheck(address, setting, timeoutMs);
    return `${result}: ${found}`;
  };
  expect(await said("https://login.invalid")).toMatch(
    /^warning: login\.invalid does not resolve here \(DNS: (ENOTFOUND|EAI_AGAIN)\)$/,
  );
  const plain = await listen(http.createServer());
  expect(await said(`https://${plain}`)).toMatch(
    /^warning: 127\.\S+ and this machine agree on no TLS connection \(\w+\)$/,
  );
  const silent = await listen(
    net.createServer((socket) => socket.on("error", () => socket.destroy()).resume()),
  );
  expect(await said(`http://${silent}`, 50)).toMatch(
    /^warning: 127\.\S+ did not answer in 0\.05 s from here$/,
  );
  expect(await said("http://127.0.0.1:2")).toMatch(
    /^warning: 127\.0\.0\.1:2 did not answer from here: ECONNREFUSED$/,
  );
});

test("nobody is asked where an environment names no issuer, and the setting is named where it does", async () => {
  expect(await openidIssuerChecks(loadEnvironment(repository, "production"))).toEqual([]);
  const sample = sampleRepository();
  sample.edit(
    "environments/production.yaml",
    "login: { registration: false }",
    "login: { openid: { issuer: https://login.invalid, clientId: chat } }",
  );
  expect(await openidIssuerChecks(loadEnvironment(sample.root, "production"))).toMatchObject([
    {
      result: "warning",
      fix: expect.stringContaining(
        "applications.librechat.login.openid.issuer in environments/production.yaml",
      ) as string,
    },
  ]);
});
