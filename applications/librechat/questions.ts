import { isMap } from "../../settings/yaml-file";
import type { ApplicationRelease } from "../application";
import { ollamaReleases } from "../ollama";
import { answers, type DeployedRelease, failed, passed, type Question } from "../question";
import { clusterUrl } from "../release-url";
import type { LibrechatSettings } from "./settings";

/** Whether it is well, what its web page reads first, whether a login leads to its issuer, and whether its pod reaches each Ollama that it offers. */
export function librechatQuestions(
  { needs, own: { login } }: ApplicationRelease<LibrechatSettings>,
  releases: readonly ApplicationRelease[],
): readonly Question[] {
  return [
    answers("/health"),
    {
      name: "/api/config",
      ask: async (page) => {
        const config = await page.json("/api/config");
        return isMap(config) && typeof config.appTitle === "string"
          ? passed(`the page is called "${config.appTitle}"`)
          : failed("/api/config answered JSON without an appTitle: it is not LibreChat");
      },
    },
    ...(login.openid ? [leadsToIssuer(login.openid)] : []),
    ...ollamaReleases(releases)
      .filter(({ name }) => needs.includes(name))
      .map((ollama): Question => {
        const models = `${clusterUrl(ollama)}/v1/models`;
        const where = ({ kubectl }: DeployedRelease) =>
          `${kubectl} --namespace ${ollama.namespace} get networkpolicy,service,endpointslices`;
        return {
          name: `reaches ${ollama.name}`,
          ask: async (page) => {
            const { exitCode, stdout, stderr } = await page.run({ command: askForModels(models) });
            if (exitCode !== 0) return failed(`asked from its pod: ${stderr.trim()}`, where(page));
            return passed(`${models} lists ${stdout.trim() || "no model"} to it`);
          },
          fix: where,
        };
      }),
  ];
}

/** Whether its page leads to who says who users are: where nobody answers when it starts, LibreChat gives that login up. */
function leadsToIssuer({
  issuer,
  clientId,
}: {
  readonly issuer: string;
  readonly clientId: string;
}): Question {
  return {
    name: "OpenID",
    ask: async ({ request, logs }) => {
      const { status, location = "" } = await request("/oauth/openid", { redirect: "manual" });
      const address = URL.canParse(location) ? new URL(location) : undefined;
      if (address?.searchParams.get("client_id") === clientId)
        return passed(`the login leads to ${address.host}`);
      return failed(
        `the login through ${issuer} answers ${status}, and leads nowhere: LibreChat gives it up where the issuer does not answer, or refuses the client, when LibreChat starts`,
        `${logs} | grep -i openid\nthen restart its pod`,
      );
    },
  };
}

/**
 * What its pod runs to ask Ollama: Node, which its image has, and no shell.
 *
 * @param address such as `http://ollama.ollama.svc.cluster.local:11434/v1/models`
 * @returns program and arguments; it prints the models' names, or fails with the address and the reason
 */
export function askForModels(address: string): string[] {
  const script = [
    "const url = process.argv[1];",
    "fetch(url, { signal: AbortSignal.timeout(5000) })",
    "  .then(async (answer) => {",
    "    if (!answer.ok) throw new Error(`answered ${answer.status}`);",
    '    console.log((await answer.json()).data.map(({ id }) => id).join(", "));',
    "  })",
    "  .catch((error) => {",
    "    console.error(`${url}: ${error.cause?.code ?? error.message}`);",
    "    process.exitCode = 1;",
    "  });",
  ].join("\n");
  return ["node", "-e", script, address];
}
