/** One thing that Terraform says while it applies. */
export type ApplyEvent =
  | {
      readonly kind: "start" | "progress" | "done" | "failed";
      readonly address: string;
      readonly text: string;
      /** Whether the resource is destroyed, and not made or changed. */
      readonly destroys: boolean;
    }
  | { readonly kind: "summary"; readonly text: string }
  | { readonly kind: "problem"; readonly problem: Problem };

/** An error or a warning of Terraform. */
export interface Problem {
  readonly severity: "error" | "warning";
  readonly summary: string;
  readonly detail: string;
  /** The resource that it is about, such as `helm_release.chat`. @default - none */
  readonly address?: string;
}

const kinds = {
  apply_start: "start",
  apply_progress: "progress",
  apply_complete: "done",
  apply_errored: "failed",
} as const;

interface Line {
  readonly type?: string;
  readonly "@message"?: string;
  readonly hook?: { readonly resource?: { readonly addr?: string }; readonly action?: string };
  readonly diagnostic?: {
    readonly severity?: string;
    readonly summary?: string;
    readonly detail?: string;
    readonly address?: string;
  };
}

/**
 * Reads one line of `terraform apply -json`.
 *
 * @returns undefined for what says nothing of the progress
 * @see https://developer.hashicorp.com/terraform/internals/machine-readable-ui
 */
export function applyEvent(line: string): ApplyEvent | undefined {
  if (line.trim() === "") return undefined;
  let parsed: Line;
  try {
    parsed = JSON.parse(line) as Line;
  } catch {
    // A provider or Terraform itself that crashes writes to the same place.
    return { kind: "problem", problem: { severity: "error", summary: line, detail: "" } };
  }
  const { type = "", "@message": text = "", hook, diagnostic } = parsed;
  const kind = (kinds as { readonly [type: string]: (typeof kinds)[keyof typeof kinds] | undefined })[type];
  if (kind) {
    return { kind, address: hook?.resource?.addr ?? "", text, destroys: hook?.action === "delete" };
  }
  if (type === "change_summary") return { kind: "summary", text };
  if (type !== "diagnostic") return undefined;
  const { severity, summary = text, detail = "", address } = diagnostic ?? {};
  return {
    kind: "problem",
    problem: {
      severity: severity === "warning" ? "warning" : "error",
      summary,
      detail,
      ...(address && { address }),
    },
  };
}
