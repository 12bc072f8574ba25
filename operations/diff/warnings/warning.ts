/** Something about a change that a reader must not miss. */
export interface Warning {
  readonly kind: WarningKind;
  /** One sentence; masked. */
  readonly text: string;
}

export type WarningKind =
  | "data-lost"
  | "deleted"
  | "workload-recreated"
  | "downtime"
  | "step-before"
  | "image-moved"
  | "gpu-count"
  | "exposed"
  | "network-policy"
  | "stuck"
  | "rolled-back"
  | "deployed-by-others";
