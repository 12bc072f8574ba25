// Lets Node run this repository's TypeScript, without checking its types (npm run typecheck does). What sucrase makes of a
// file is kept in node_modules/.cache, so that a synth compiles nothing: that saves a sixth of its time. Lines keep
// their numbers, so stack traces are right without source maps.
const { createHash } = require("node:crypto");
const fs = require("node:fs");
const path = require("node:path");
const { addHook } = require("pirates");
const { version } = require("sucrase/package.json");

const cache = path.join(__dirname, "../node_modules/.cache/llm-platform", `sucrase-${version}-native`);

addHook(
  (source, file) => {
    const kept = path.join(cache, `${createHash("sha256").update(source).digest("hex")}.js`);
    try {
      return fs.readFileSync(kept, "utf8");
    } catch {
      const { code } = require("sucrase").transform(source, {
        transforms: ["imports", "typescript"],
        filePath: file,
        disableESTransforms: true,
      });
      keep(kept, code);
      return code;
    }
  },
  { exts: [".ts"], ignoreNodeModules: true },
);

function keep(file, code) {
  try {
    fs.mkdirSync(cache, { recursive: true });
    // Whole or not at all: two processes may compile the same file at once.
    fs.writeFileSync(`${file}.${process.pid}`, code);
    fs.renameSync(`${file}.${process.pid}`, file);
  } catch {
    // Nothing can be kept where nothing can be written; it works all the same.
  }
}
