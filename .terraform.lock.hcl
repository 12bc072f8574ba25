# The providers that both stacks are locked to. Without checksums Terraform records what it first downloads;
# npm run providers -- lock fetches the checksums of every platform from the registry and writes them here.

provider "registry.terraform.io/hashicorp/helm" {
  version     = "3.1.1"
  constraints = "3.1.1"
}

provider "registry.terraform.io/hashicorp/kubernetes" {
  version     = "2.38.0"
  constraints = "2.38.0"
}
