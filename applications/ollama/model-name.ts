/**
 * A model: of the library, of somebody's namespace there, or of a registry, which may have a port.
 *
 * @see https://github.com/ollama/ollama/blob/main/types/model/name.go
 */
export const modelPattern = /^((\w[\w.-]*(:\d+)?\/)?\w[\w-]*\/)?\w[\w.-]*(:\w[\w.-]*)?$/;

/**
 * A model by the name under which Ollama lists it: with its tag, which is `latest` where none is given, and without the parts that
 * are those of every model of the library.
 *
 * A name that is not in that list can mean another model: LibreChat offers the names of the list, and takes another name for the
 * first of them.
 *
 * @param model as people write it, such as `llama2`, `library/qwen2.5:0.5b` or `registry.local:5000/library/llama3:8b`
 */
export function listedModel(model: string): string {
  const short = model.replace(/^registry\.ollama\.ai\/(?=.*\/)/i, "").replace(/^library\/(?!.*\/)/i, "");
  // A colon before the last slash is that of a registry's port.
  return /:[^/]*$/.test(short) ? short : `${short}:latest`;
}

/** A model as people write it: the tag `latest` says nothing. */
export function shortModel(model: string): string {
  return model.replace(/:latest$/, "");
}
