import { sandboxDirectory } from "../../operations/sandbox-environment";
import { repository } from "../../operations/repository";
import { pauseSandbox } from "../../sandbox/sandbox";

void pauseSandbox({ directory: sandboxDirectory(repository) });
