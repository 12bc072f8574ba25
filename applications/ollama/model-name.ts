/**
 * A model by the name under which Ollama lists it: with its tag, which is `latest` where none is given.
 *
 * A name without its tag can mean another model: LibreChat offers the names of Ollama's list, and takes a name that is not in it
 * for the first that is.
 *
 * @param model as people write it, such as `llama2`, `qwen2.5:0.5b` or `hf.co:443/a/b`
 * @see https://github.com/ollama/ollama/blob/main/docs/api.md#model-names
 */
export function taggedModel(model: string): string {
  // A colon before the last slash is that of a registry's port.
  return /:[^/]*$/.test(model) ? model : `${model}:latest`;
}

/** A model as people write it: the tag `latest` says nothing. */
export function shortModel(model: string): string {
  return model.replace(/:latest$/, "");
}
