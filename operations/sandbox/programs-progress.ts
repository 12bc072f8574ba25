import type { ProgramsProgress } from "./programs";

/** How far it is, in at most 68 characters: beside a spinner and a title it fits a terminal of 80 columns. */
export function progressText(progress: ProgramsProgress): string {
  switch (progress.state) {
    case "waiting":
      return "waiting for another clone, which provides them";
    case "downloading": {
      const { programs, bytes, totalBytes } = progress;
      const done = Math.floor(bytes / MB);
      const of = totalBytes === undefined ? "" : ` of ${Math.ceil(totalBytes / MB)}`;
      return `downloading ${programs} of them: ${done}${of} MB`;
    }
    case "compiling": {
      const { component, index, total, fraction, secondsLeft } = progress;
      const left = secondsLeft < 60 ? "under 1 min left" : `about ${Math.round(secondsLeft / 60)} min left`;
      return `compiling ${component}, ${index} of ${total}: ${Math.floor(fraction * 100)} %, ${left}`;
    }
  }
}

/** The same for as long as no new line is worth writing where lines stay: a program, or a quarter of what is downloaded. */
export function progressStage(progress: ProgramsProgress): string {
  switch (progress.state) {
    case "waiting":
      return "waiting";
    case "downloading":
      return `downloading ${Math.floor((4 * progress.bytes) / (progress.totalBytes ?? Infinity))}`;
    case "compiling":
      return `compiling ${progress.component}`;
  }
}

const MB = 1_000_000;
