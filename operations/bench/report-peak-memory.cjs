// Loaded with --require into a program whose peak memory is measured: says it when the program ends. The size in use at
// the end would be another one.
process.on("exit", () => {
  process.stderr.write(`\npeak memory: ${process.resourceUsage().maxRSS} KiB\n`);
});
