import { releasesOf } from "../../../../applications/releases";
import type { LibrechatSettings } from "../../../../applications/librechat/settings";
import { releaseOf } from "../../release-of";
import { librechatFiles, type LibrechatFiles } from "../../../../applications/librechat/config";
import { loadChartLock, pinnedChart } from "../../../../settings/chart-lock";
import { librechatImage } from "../../../../applications/librechat/image";
import { librechatSchema, missingSchema } from "../../../../applications/librechat/schemas";
import { loadSettings } from "../../../../applications/load-settings";
import { loadValues } from "../../../../settings/values";
import { failure } from "../../failure";
import { repository, sampleRepository } from "../../sample-repository";

const imageOf = (root: string) =>
  librechatImage(
    root,
    pinnedChart(loadChartLock(root), "librechat"),
    loadValues(root, ["librechat"], "minikube"),
  );

function filesOf(root: string): LibrechatFiles {
  const settings = loadSettings(root, {});
  const release = releaseOf<LibrechatSettings>(settings.environment, "librechat");
  const releases = releasesOf(settings.environment);
  return librechatFiles({ settings, release, releases, files: settings.values("librechat") });
}

test("the image has the tag of the values, and what they do not say from the chart", () => {
  expect(imageOf(repository)).toEqual({
    reference: "registry.librechat.ai/danny-avila/librechat:v0.8.7",
    tag: "v0.8.7",
    tagSource: expect.stringMatching(/^values\/librechat\.yaml:\d+: image\.tag$/) as string,
  });
});

test("without a tag in the values it is the chart's own, and another registry stays", () => {
  const sample = sampleRepository();
  sample.write("values/librechat.yaml", "image: { registry: registry.test }\n");
  expect(imageOf(sample.root)).toEqual({
    reference: "registry.test/danny-avila/librechat:v0.8.8-rc1",
    tag: "v0.8.8-rc1",
    tagSource: "charts/lock.yaml: librechat.appVersion",
  });
});

test("the configuration is checked with the schema of the LibreChat that is deployed", () => {
  const sample = sampleRepository();
  sample.edit("values/config/librechat.yaml", "cache: true", "cache: true\nlangfuse: { enabled: false }");
  expect(failure(() => filesOf(sample.root))).toMatch(/: langfuse: unknown key /);
  sample.edit("values/librechat.yaml", "tag: v0.8.7", "tag: v0.8.8-rc1");
  expect(filesOf(sample.root).config).toMatchObject({
    langfuse: { enabled: false },
  });
});

test("each tag of the table has a schema that is installed", () => {
  for (const tag of ["v0.8.7", "v0.8.8-rc1"]) {
    expect(missingSchema(tag)).toBeUndefined();
    expect(jest.requireActual(librechatSchema(tag, "").package)).toHaveProperty("configSchema");
  }
});

test("fails on a LibreChat whose schema is not known, with what adds it", () => {
  const sample = sampleRepository();
  sample.edit("values/librechat.yaml", "tag: v0.8.7", "tag: v0.9.0");
  expect(failure(() => filesOf(sample.root))).toMatch(
    /^values\/librechat\.yaml:\d+: image\.tag: no schema is known for the configuration of LibreChat v0\.9\.0 \(known: v0\.8\.7, v0\.8\.8-rc1\): .*npm install --save-exact librechat-data-provider-VERSION@npm:librechat-data-provider@VERSION, and add the tag to applications\/librechat\/schemas\.ts$/,
  );
});
