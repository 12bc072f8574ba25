/**
 * Where LibreChat keeps what users upload, a directory each. What is below the first it serves to whoever knows the address, so
 * that the second is a claim of its own.
 */
export const uploadPaths = { images: "/app/client/public/images", uploads: "/app/uploads" } as const;
