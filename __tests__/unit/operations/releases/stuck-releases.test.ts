import { stuckReleases } from "../../../../operations/releases/stuck-releases";
import { revisions } from "./releases";

const stuck = (...statuses: readonly string[]) =>
  stuckReleases([revisions(...statuses.map((status, i) => ({ revision: statuses.length - i, status })))], {
    name: "production",
  });

test("a release whose newest revision is pending is stuck, whatever came before, and unlock frees it", () => {
  expect(stuck("pending-upgrade", "failed", "deployed")).toEqual([
    {
      release: "ollama",
      status: "pending-upgrade",
      wayOut: "npm run unlock -- --environment production",
    },
  ]);
  expect(stuck("pending-install")).toHaveLength(1);
});

test("a release whose newest revision is deployed or failed is not stuck", () => {
  expect(stuck("deployed", "pending-upgrade")).toEqual([]);
  expect(stuck("failed", "superseded")).toEqual([]);
});
