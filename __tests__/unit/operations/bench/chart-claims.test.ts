import { withChartClaims } from "../../../../operations/bench/chart-claims";

test("the charts make the claims that the foundation makes for the platform", () => {
  expect(
    withChartClaims({
      librechat: { imageVolume: { enabled: false }, configEnv: { PORT: "3080" } },
      mongodb: { persistence: { enabled: true, existingClaim: "database" } },
      volumes: [
        { name: "tmp", emptyDir: {} },
        { name: "images", persistentVolumeClaim: { claimName: "images" } },
      ],
      volumeMounts: [{ name: "images", mountPath: "/app/client/public/images" }],
    }),
  ).toEqual({
    librechat: { imageVolume: { enabled: true }, configEnv: { PORT: "3080" } },
    mongodb: { persistence: { enabled: true } },
    volumes: [{ name: "tmp", emptyDir: {} }],
  });
});
