/** What became of something that drifted. */
export interface Fixed {
  /** What was put back, or not, such as `Deployment/chat`. */
  readonly what: string;
  /** What was done, or why nothing was and what to do, in a sentence. */
  readonly how: string;
}
