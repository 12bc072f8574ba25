/** Where a deploy says how far it is. */
export interface Progress {
  /** One line that stays. */
  readonly line: (text: string) => void;
  /**
   * What is going on at this moment, in one line: on a terminal it is replaced by the next.
   *
   * @param stage where lines stay, one is written for each. @default - the text
   */
  readonly status: (text: string, stage?: string) => void;
}

/** The same progress, where a status that was there already is not said again: a log keeps every line. */
export function withoutRepetition({ line, status }: Progress): Progress {
  const shown = new Set<string>();
  return {
    line,
    status: (text, stage = text) => {
      if (shown.has(stage)) return;
      shown.add(stage);
      status(text);
    },
  };
}
