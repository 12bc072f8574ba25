import * as stackTraces from "cdktf/lib/tokens/private/stack-trace";

const none = (): string[] => [];

// CDKTF takes a stack trace, however deep, for every token, of which each resource has dozens: for a line in the error about one
// that cannot be resolved, and a sixth of what an application adds to a synth. It has no switch for that; errors keep theirs. CDK
// Terrain calls the second.
Object.assign(stackTraces, { captureStackTrace: none, captureCreationStack: none });
