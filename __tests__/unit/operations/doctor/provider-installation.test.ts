import { providerInstallation } from "../../../../operations/doctor/provider-installation";

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
