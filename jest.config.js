// One project a tier: operations/testing/run-tiers.ts decides which of them this machine can run.
const tier = (displayName) => ({
  displayName,
  testMatch: [`<rootDir>/__tests__/${displayName}/**/*.test.ts`],
  transform: { "^.+\\.ts$": "@sucrase/jest-plugin" },
  snapshotFormat: { escapeString: false, printBasicPrototype: false },
  ...(["cluster", "deploy"].includes(displayName) && { globalSetup: "<rootDir>/__tests__/sweep.ts" }),
});

module.exports = { projects: ["unit", "node", "cluster", "charts", "deploy"].map(tier) };
