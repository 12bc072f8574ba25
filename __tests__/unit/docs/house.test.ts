import { execFile } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { promisify } from "node:util";
import { repository } from "../sample-repository";

const page = path.join(repository, "docs/house.md");
const folders = ["stacks", "applications", "constructs", "policies", "contracts", "settings", "operations"];

// A process of its own for each picture, and more where others keep the machine busy.
jest.setTimeout(60_000);

/** The imports between folders, as a picture that GitHub and editors draw. */
async function picture(only: string, collapse: string): Promise<string> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [
      path.join(repository, "node_modules/dependency-cruiser/bin/dependency-cruise.mjs"),
      ...["main.ts", ...folders, "--config", ".dependency-cruiser.cjs"],
      ...["--output-type", "mermaid", "--include-only", only, "--collapse", collapse],
    ],
    { cwd: repository },
  );
  return stdout.trim().replace("flowchart LR", "flowchart TB");
}

test.each([
  ["program", "^(main\\.ts|(stacks|applications|constructs|policies|contracts|settings)/)", "^[^/]+"],
  ["operations", "^operations/[^/]+/", "^operations/[^/]+"],
])("the picture of the %s is that of the imports", async (name, only, collapse) => {
  const text = fs.readFileSync(page, "utf8");
  const drawn = `<!-- picture: ${name} -->\n\n\`\`\`mermaid\n${await picture(only, collapse)}\n\`\`\`\n`;
  const place = new RegExp(`<!-- picture: ${name} -->\\n(\\n\`\`\`mermaid\\n[\\s\\S]*?\`\`\`\\n)?`);
  expect(text).toMatch(place);
  if (process.env.UPDATE_DOCS)
    fs.writeFileSync(
      page,
      text.replace(place, () => drawn),
    );
  expect(fs.readFileSync(page, "utf8")).toContain(drawn);
});
