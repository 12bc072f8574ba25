/**
 * Parts of LibreChat that need more than this platform has by itself, and fail where they are offered without it: what each
 * is, and needs.
 */
export const librechatFeatures = {
  webSearch: "Search of the web, which needs a service with a key.",
  fileSearch: "Search in files, which needs the RAG API.",
  runCode: "Running code, which needs an interpreter.",
  agents: "Agents, which need a model that calls tools.",
  skills: "Skills, which need a model that calls tools.",
  marketplace: "The marketplace of agents, which need a model that calls tools.",
  mcpServers: "MCP servers of users, which need a model that calls tools.",
  memories: "Memories, which need a service with a key.",
} as const;

export type LibrechatFeature = keyof typeof librechatFeatures;
