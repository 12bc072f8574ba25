const reasons: { readonly [code: string]: string | undefined } = {
  EROFS: "its file system is read-only",
  EACCES: "this user may not",
  EPERM: "this user may not",
  ENOSPC: "no space is left there",
  EDQUOT: "no space is left there for this user",
  EIO: "what it lies on has an error",
};

/** A file or folder that the surroundings do not let a command have. */
export interface FileError {
  readonly path: string;
  /** Such as `EROFS`. */
  readonly code: string;
  /** Why, in words. */
  readonly why: string;
}

/** What an error of Node says of a file that cannot be had; undefined for any other error, a missing file among them. */
export function fileError(error: unknown): FileError | undefined {
  const { code = "", path, syscall } = error as NodeJS.ErrnoException;
  // So Node says it of a folder in a file system that is read-only, where it makes those above it, too.
  const meant = code === "ENOENT" && syscall === "mkdir" ? "EROFS" : code;
  const why = reasons[meant];
  return path && why ? { path, code: meant, why } : undefined;
}
