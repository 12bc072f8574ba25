import { randomUUID } from "node:crypto";
import { type Answer, type DeployedRelease, failed, passed, type RequestAnswer } from "../question";
import type { YamlMap } from "../../settings/yaml-file";
import { uploadPaths } from "./upload-paths";
import { fieldsOf, said, type Visitor } from "./visitor";

const picture = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);

/** Whether a document is kept and given back as it was. @param size where the size of its claim is said */
export async function uploadDocument(
  visitor: Visitor,
  deployed: DeployedRelease,
  text: string,
  size: string,
): Promise<Answer> {
  const taken = await send(visitor, "/api/files", new Blob([text], { type: "text/plain" }), "verify.txt");
  const { file_id } = fieldsOf(taken);
  if (taken.status !== 200 || typeof file_id !== "string")
    return refused(deployed, taken, uploadPaths.uploads, size);
  const fetched = await visitor.ask(`/api/files/download/${visitor.id}/${file_id}`);
  if (fetched.status !== 200)
    return failed(`it was taken, and fetching it is answered ${said(fetched)}`, deployed.logs);
  return fetched.text === text
    ? passed("it comes back as it was")
    : failed("it comes back changed", deployed.logs);
}

/** Whether an image is kept and shown. @param size where the size of its claim is said */
export async function uploadImage(
  visitor: Visitor,
  deployed: DeployedRelease,
  size: string,
): Promise<Answer> {
  const taken = await send(
    visitor,
    "/api/files/images",
    new Blob([picture], { type: "image/png" }),
    "verify.png",
    { width: "1", height: "1" },
  );
  const { filepath } = fieldsOf(taken);
  if (taken.status !== 200 || typeof filepath !== "string")
    return refused(deployed, taken, uploadPaths.images, size);
  const shown = await visitor.ask(filepath);
  // LibreChat writes it anew.
  return shown.status === 200 && shown.type.startsWith("image/")
    ? passed("it is shown")
    : failed(`it was taken, and showing it is answered ${said(shown)}`, deployed.logs);
}

/** Whether a document is taken for the search in files: what takes it is another server, which asks a model of its own. */
export async function uploadForSearch(
  visitor: Visitor,
  deployed: DeployedRelease,
  text: string,
): Promise<Answer> {
  const taken = await send(visitor, "/api/files", new Blob([text], { type: "text/plain" }), "verify.txt", {
    tool_resource: "file_search",
  });
  if (taken.status === 200) {
    // Of a user who is deleted LibreChat leaves it there.
    const { file_id, filepath, source, embedded } = fieldsOf(taken);
    const files = [{ file_id, filepath, source, embedded }];
    const removed = await visitor.ask("/api/files", { method: "DELETE", body: { files } });
    return removed.status === 200
      ? passed("a document is taken for the search in files, and away again")
      : failed(`a document for the search in files is not taken away again: ${said(removed)}`, deployed.logs);
  }
  const { stdout, stderr } = await deployed.run({
    command: ["node", "-e", askRagApi, visitor.id],
    timeoutMs: 60_000,
  });
  const why = (stdout || stderr).trim();
  const [, model] = /model\W+([\w./:-]+)\W+not found/.exec(why) ?? [];
  return model
    ? failed(
        `Ollama does not have ${model}, by which the RAG API embeds documents: ${why}`,
        `add ${model} to the models of that Ollama, or name another in EMBEDDINGS_MODEL of librechat-rag-api`,
      )
    : failed(
        `a document for the search in files is answered ${said(taken)}; the RAG API: ${why}`,
        deployed.logs,
      );
}

/** Run in LibreChat's pod, as LibreChat asks: it logs what the RAG API says, and answers without. */
const askRagApi = [
  'const url = process.env.RAG_API_URL ?? "";',
  "const [, id] = process.argv;",
  'const token = require("jsonwebtoken").sign({ id }, process.env.JWT_SECRET, { expiresIn: "1m" });',
  "const form = new FormData();",
  'form.append("file_id", `verify-${id}`);',
  'form.append("file", new Blob(["verify"], { type: "text/plain" }), "verify.txt");',
  "const headers = { Authorization: `Bearer ${token}` };",
  "fetch(`${url}/embed`, { method: 'POST', headers, body: form, signal: AbortSignal.timeout(40000) })",
  "  .then(async (answer) => {",
  "    console.log(`${url}/embed answers ${answer.status}: ${(await answer.text()).slice(0, 300)}`);",
  "    const body = JSON.stringify([`verify-${id}`]);",
  '    await fetch(`${url}/documents`, { method: "DELETE", headers: { ...headers, "Content-Type": "application/json" }, body });',
  "  })",
  "  .catch((error) => console.log(`${url || 'RAG_API_URL, which is not set,'} does not answer: ${error.cause?.code ?? error.message}`));",
].join("\n");

function send(
  { ask }: Visitor,
  path: string,
  file: Blob,
  name: string,
  more: { readonly [field: string]: string } = {},
): Promise<RequestAnswer> {
  const form = new FormData();
  const fields = { endpoint: "default", file_id: randomUUID(), message_file: "true", ...more };
  for (const [field, value] of Object.entries(fields)) form.append(field, value);
  form.append("file", file, name);
  return ask(path, { form, timeoutMs: 60_000 });
}

/** Why a file was not taken: LibreChat says the same of every reason, and the volume is asked. */
async function refused(
  { run, logs }: DeployedRelease,
  answer: RequestAnswer,
  path: string,
  size: string,
): Promise<Answer> {
  const asked = `it is answered ${said(answer)}`;
  const { stdout } = await run({ command: ["node", "-e", askVolume, path] });
  const { free, total, fault } = fieldsOf({ text: stdout }) as YamlMap & { fault?: string };
  if (fault !== undefined) return failed(`${asked}: ${path} cannot be written: ${fault}`, logs);
  if (free === 0)
    return failed(
      `${asked}: the volume of ${path} is full (${String(total)} bytes)`,
      `raise ${size}, or delete users that nobody needs: npm run users -- delete`,
    );
  return failed(asked, logs);
}

const askVolume = [
  'const fs = require("fs");',
  "const [, path] = process.argv;",
  "const { bavail, blocks, bsize } = fs.statfsSync(path);",
  "let fault;",
  "try { fs.accessSync(path, fs.constants.W_OK) } catch (error) { fault = error.code }",
  "console.log(JSON.stringify({ free: bavail * bsize, total: blocks * bsize, fault }));",
].join("\n");
