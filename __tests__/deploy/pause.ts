import { sandboxDirectory } from "../../operations/sandbox/sandbox-environment";
import { repository } from "../../operations/command-line/repository";
import { pauseSandbox } from "../pause-sandbox";

void pauseSandbox(sandboxDirectory(repository));
