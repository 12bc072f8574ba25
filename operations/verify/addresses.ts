import { librechat } from "../../applications/librechat";
import { ollamaReleases } from "../../applications/ollama";
import { releasesOf } from "../../applications/releases";
import { releaseUrl } from "../../applications/release-url";
import { OperationError } from "../errors/operation-error";
import type { Environment } from "../../settings/environment";

export interface AddressOptions {
  /** LibreChat's; `true`: the environment's. @default - a port-forward */
  readonly url?: string | true;
  /** Ollama's. @default - its ingress where `url` is given, otherwise a port-forward */
  readonly ollamaUrl?: string;
}

/** Addresses as users have them, without a slash at the end. */
export interface Addresses {
  /** @default - a port-forward */
  readonly librechatUrl?: string;
  /** @default - a port-forward */
  readonly ollamaUrl?: string;
}

/**
 * The addresses that users have, where they are asked for.
 *
 * @throws OperationError for one that is none, or that the environment does not have
 */
export function addresses(environment: Environment, { url, ollamaUrl }: AddressOptions): Addresses {
  const releases = releasesOf(environment);
  const chat = releases.find(({ application, own }) => application === librechat && own.ingress);
  if (url === true && !chat) {
    throw new OperationError(
      `--url: environments/${environment.name}.yaml has no applications.librechat.ingress: name an address after it, or leave it out for a port-forward`,
    );
  }
  const [model] = ollamaReleases(releases).filter(({ own }) => own.ingress);
  const exposed = url !== undefined && model ? releaseUrl(model).url : undefined;
  return {
    librechatUrl: address(
      "--url",
      url === true && chat ? releaseUrl(chat).url : url === true ? undefined : url,
    ),
    ollamaUrl: address("--ollama-url", ollamaUrl ?? exposed),
  };
}

function address(option: string, text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  if (!/^https?:\/\//.test(text) || !URL.canParse(text)) {
    throw new OperationError(`${option}: found ${text}, expected an address such as http://chat.example.com`);
  }
  return text.replace(/\/+$/, "");
}
