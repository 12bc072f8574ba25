import { sandboxDirectory } from "../../operations/sandbox/sandbox-environment";
import { repository } from "../../operations/command-line/repository";
import { pauseSandbox } from "../../operations/sandbox/sandbox";

void pauseSandbox({ directory: sandboxDirectory(repository) });
