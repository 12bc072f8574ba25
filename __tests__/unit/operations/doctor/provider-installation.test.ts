import * as fs from "node:fs";
import * as path from "node:path";
import { lockedProviders, providerInstallation } from "../../../../operations/doctor/provider-installation";
import { repository } from "../../sample-repository";

test("without a configuration the registry is asked", () => {
  expect(providerInstallation()).toEqual({ directories: [], networkMirrors: [], direct: true });
  expect(providerInstallation('plugin_cache_dir = "/tmp"').direct).toBe(true);
});

test("mirrors are found, and the registry is asked only where the configuration says so", () => {
  const text = `
# filesystem_mirror { path = "/commented/out" }
provider_installation {
  filesystem_mirror {
    path    = "/srv/providers"
    include = ["registry.terraform.io/*/*"]
  }
  network_mirror { url = "https://mirror.example/providers/" }
}`;
  expect(providerInstallation(text)).toEqual({
    directories: ["/srv/providers"],
    networkMirrors: ["https://mirror.example/providers/"],
    direct: false,
  });
  expect(providerInstallation(text.replace(/\}$/, "direct {}\n}")).direct).toBe(true);
});

test("the lock of this repository names both providers and their versions", () => {
  const lock = fs.readFileSync(path.join(repository, ".terraform.lock.hcl"), "utf8");
  expect(lockedProviders(lock).map(({ host, name }) => `${host}/${name}`)).toEqual([
    "registry.terraform.io/hashicorp/helm",
    "registry.terraform.io/hashicorp/kubernetes",
  ]);
  for (const { version } of lockedProviders(lock)) expect(version).toMatch(/^\d+\.\d+\.\d+$/);
});
