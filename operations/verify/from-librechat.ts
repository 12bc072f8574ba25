/**
 * What a pod of LibreChat runs to ask Ollama: Node, which its image has, and no shell.
 *
 * @param address such as `http://ollama.ollama.svc.cluster.local:11434/v1`
 * @returns program and arguments; it prints the models' names, or fails with the reason
 */
export function askFromLibrechat(address: string): string[] {
  const script = [
    "const url = process.argv[1];",
    "fetch(url, { signal: AbortSignal.timeout(5000) })",
    "  .then(async (answer) => {",
    "    if (!answer.ok) throw new Error(`answered ${answer.status}`);",
    '    console.log((await answer.json()).data.map(({ id }) => id).join(", "));',
    "  })",
    "  .catch((error) => {",
    "    console.error(error.cause?.code ?? error.message);",
    "    process.exitCode = 1;",
    "  });",
  ].join("\n");
  return ["node", "-e", script, `${address}/models`];
}
