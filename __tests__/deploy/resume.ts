import { sandboxDirectory } from "../../operations/sandbox/sandbox-environment";
import { repository } from "../../operations/command-line/repository";
import { programsOf, providePrograms } from "../../operations/sandbox/programs";
import { startSandbox } from "../../operations/sandbox/sandbox";

void providePrograms(programsOf(process.env)).then((binaries) =>
  startSandbox({ directory: sandboxDirectory(repository), binaries, models: ["tiny"] }),
);
