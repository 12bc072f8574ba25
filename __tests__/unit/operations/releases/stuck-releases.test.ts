import { stuckReleases } from "../../../../operations/releases/stuck-releases";

const revision = (number: number, status: string) => ({
  release: "ollama",
  namespace: "ollama",
  revision: number,
  status,
});

test("a release whose newest revision is pending is stuck, whatever came before, and unlock frees it", () => {
  const revisions = [revision(4, "pending-upgrade"), revision(3, "failed"), revision(2, "deployed")];
  expect(stuckReleases(revisions, { name: "production" })).toEqual([
    {
      release: "ollama",
      status: "pending-upgrade",
      wayOut: "npm run unlock -- --environment production",
    },
  ]);
  expect(stuckReleases([revision(1, "pending-install")], { name: "production" })).toHaveLength(1);
});

test("a release whose newest revision is deployed or failed is not stuck", () => {
  expect(
    stuckReleases([revision(2, "deployed"), revision(1, "pending-upgrade")], { name: "production" }),
  ).toEqual([]);
  expect(stuckReleases([revision(2, "failed"), revision(1, "superseded")], { name: "production" })).toEqual(
    [],
  );
});
