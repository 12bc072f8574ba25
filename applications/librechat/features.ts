/**
 * Parts of LibreChat that need more than this platform has by itself, and fail where they are offered without it: web search
 * and memories want a service with a key, file search the RAG API, code an interpreter, and agents, skills, the marketplace
 * and MCP a model that calls tools.
 */
export const librechatFeatures = [
  "webSearch",
  "fileSearch",
  "runCode",
  "agents",
  "skills",
  "marketplace",
  "mcpServers",
  "memories",
] as const;

export type LibrechatFeature = (typeof librechatFeatures)[number];
