import type { Application } from "./application";
import { librechat } from "./librechat";
import { ollama } from "./ollama";

/** Every application that an environment can name. */
export const applications: readonly Application[] = [ollama, librechat];
