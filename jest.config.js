// One project a tier: operations/testing/run-tiers.ts decides which of them this machine can run.
const tier = (displayName) => ({
  displayName,
  testMatch: [`<rootDir>/__tests__/${displayName}/**/*.test.ts`],
  transform: { "^.+\\.ts$": "@sucrase/jest-plugin" },
  snapshotFormat: { escapeString: false, printBasicPrototype: false },
});

module.exports = { projects: ["unit", "node", "cluster", "charts", "deploy"].map(tier) };
