# Checksums of the providers, for whoever wants them checked: npm run providers -- lock fetches those of every platform from the
# registry and writes them here. Without them the engine records what it first downloads; the versions are the environment's.
