/** Name of Terraform's file of locked providers, in the repository and in each stack's directory. */
export const providerLockFile = ".terraform.lock.hcl";
