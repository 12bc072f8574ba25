import { isMap, valueAt, type YamlMap } from "../../settings/yaml-file";

/** What the page chooses for somebody new, and sends with the first message; or why nothing can be sent. */
export type FirstChoice =
  | { readonly endpoint: string; readonly model: string; readonly message: YamlMap }
  | { readonly fault: string; readonly fix?: string };

/**
 * The endpoint and the model that LibreChat's page chooses for somebody who has never chosen any.
 *
 * @param config what `/api/config` answers; endpoints and models: `/api/endpoints` and `/api/models`
 * @see https://github.com/danny-avila/LibreChat/blob/v0.8.7/client/src/utils/endpoints.ts getDefaultModelSpec
 */
export function chosenForSomebodyNew(config: YamlMap, endpoints: YamlMap, models: YamlMap): FirstChoice {
  const spec = defaultSpec(config);
  const preset = isMap(spec?.preset) ? spec.preset : {};
  const endpoint = String(preset.endpoint ?? firstEndpoint(endpoints));
  const offered = endpoints[endpoint];
  const chosen = spec
    ? `the model spec ${String(spec.name)}`
    : "the page, which has no model spec to choose,";
  const fix =
    "look at modelSpecs and endpoints in values/config/librechat.yaml, and at ENDPOINTS in values/librechat.yaml";
  if (!isMap(offered)) {
    const names = Object.keys(endpoints).join(", ") || "none";
    return {
      fault: `${chosen} lands somebody new at the endpoint ${endpoint}, which is not offered (there are: ${names})`,
      fix,
    };
  }
  if (endpoint === "agents" || endpoint === "assistants") {
    return {
      fault: `${chosen} lands somebody new at ${endpoint}, where no message can be sent before one is made`,
      fix,
    };
  }
  if (offered.userProvide === true) {
    return {
      fault: `${chosen} lands somebody new at ${endpoint}, which asks for a key of its user's own`,
      fix,
    };
  }
  const listed = Array.isArray(models[endpoint]) ? (models[endpoint] as unknown[]) : [];
  const model = preset.model ?? listed[0];
  if (typeof model !== "string" || !listed.includes(model)) {
    return {
      fault: `${chosen} lands somebody new at the model ${String(model ?? "of no name")}, which ${endpoint} does not list (it lists ${listed.join(", ") || "none"})`,
      fix,
    };
  }
  return {
    endpoint,
    model,
    message: {
      ...preset,
      endpoint,
      model,
      ...(offered.type !== undefined && { endpointType: offered.type }),
      ...(spec && { spec: spec.name }),
    },
  };
}

function defaultSpec(config: YamlMap): YamlMap | undefined {
  const { list, prioritize } = isMap(config.modelSpecs) ? config.modelSpecs : {};
  const specs = Array.isArray(list) ? list.filter(isMap) : [];
  const marked = specs.find((one) => one.default) ?? specs.find((one) => one.softDefault);
  if (marked) return marked;
  return prioritize === true || valueAt(config, ["interface", "modelSelect"]) !== true ? specs[0] : undefined;
}

function firstEndpoint(endpoints: YamlMap): string {
  const order = (name: string): number => Number(valueAt(endpoints, [name, "order"]) ?? Infinity);
  return Object.keys(endpoints).sort((a, b) => order(a) - order(b))[0] ?? "";
}

/** How the stream of an answer ended: what was written, by which model; or why nothing was. */
export type EndOfStream =
  { readonly text: string; readonly model: string | undefined } | { readonly fault: string };

/** @param stream the events that `/api/agents/chat/stream/ID` sends, to its end */
export function endOfStream(stream: string): EndOfStream {
  for (const event of stream.split("\n\n")) {
    const [, data = ""] = /^data: (.*)$/m.exec(event) ?? [];
    const sent = parsed(data);
    if (!isMap(sent)) continue;
    if (typeof sent.error === "string") return { fault: errorText(sent.error) };
    if (sent.final !== true) continue;
    const { content, text, model, error } = isMap(sent.responseMessage) ? sent.responseMessage : {};
    const parts = (Array.isArray(content) ? content : []).filter(isMap);
    const broken = parts.find(({ type }) => type === "error");
    if (broken) return { fault: String(broken.error) };
    if (error === true) return { fault: errorText(String(text)) };
    const written = [
      String(text ?? ""),
      ...parts.map((part) => (typeof part.text === "string" ? part.text : "")),
    ];
    return { text: written.join(""), model: typeof model === "string" ? model : undefined };
  }
  return { fault: "the answer ended before it was complete" };
}

/** What LibreChat writes for its page to translate, in its own words. */
function errorText(error: string): string {
  const { type, info } = (parsed(error) ?? {}) as { type?: string; info?: string };
  if (type === "illegal_model_request") return `LibreChat knows no such model (${info?.replace("|", ", ")})`;
  return type ? `${type}${info ? `: ${info}` : ""}` : error;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
