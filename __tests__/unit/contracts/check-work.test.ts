import type { Contract } from "../../../contracts/contract";
import { loadContract } from "../../../contracts/contract-file";
import { valuesDoubts, valuesFaults } from "../../../contracts/values-faults";
import { valuesOfAllEnvironments } from "../../../operations/charts/upgrade-chart";
import { valuesLeaves } from "../../../contracts/values-leaves";
import { loadChartLock, pinnedChart } from "../../../settings/chart-lock";
import { repository } from "../sample-repository";

/** A contract that counts what is looked up in it. */
function counted(contract: Contract): { contract: Contract; lookups: () => number; passes: () => number } {
  let [lookups, passes] = [0, 0];
  const keys = new Proxy(contract.keys, {
    get: (target, path: string) => (lookups++, target[path]),
    has: (target, path) => (lookups++, path in target),
    ownKeys: (target) => (passes++, Reflect.ownKeys(target)),
  });
  return { contract: { ...contract, keys }, lookups: () => lookups, passes: () => passes };
}

// Synth holds the values of every application against a contract each time: what that costs must not grow with the contract.
test.each(Object.keys(loadChartLock(repository)))(
  "holding values against the contract of %s looks their keys up, and goes through the contract at most once",
  (name) => {
    const lock = pinnedChart(loadChartLock(repository), name);
    const { contract, lookups, passes } = counted(loadContract(repository, name, lock.version));
    const sets = valuesOfAllEnvironments(repository, name);
    const check = (): void => {
      for (const values of sets) {
        valuesFaults(contract, values);
        valuesDoubts(contract, values);
      }
    };
    check();
    const first = lookups();
    check();
    const leaves = sets.flatMap((values) => valuesLeaves(values));
    expect(lookups() - first).toBeLessThan(30 * leaves.length);
    expect(passes()).toBeLessThanOrEqual(1);
  },
);
