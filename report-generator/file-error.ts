/** The system's code of an error (ENOSPC, EACCES ...), or what it says. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return 'code' in error && typeof error.code === 'string' ? error.code : error.message;
}

const advice: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full. Free some space there, then run it again',
  EDQUOT: 'the quota of the disk is used up. Free some space there, then run it again',
  EROFS: 'the file system is read-only. Remount it, or choose another folder with --out',
  EACCES: 'this user may not write there. Give it the right, or choose another folder with --out',
  EPERM: 'this user or file system does not allow it. Choose another folder with --out',
  ENOTSUP: 'the file system has no symbolic links. Choose another folder with --out',
};

/** Says what cannot be written, why, and what to do. */
export function unwritable(error: unknown, path: string): Error {
  const reason = reasonOf(error);
  const what = advice[reason];
  if (what === undefined)
    return error instanceof Error && reason === error.message
      ? error
      : new Error(`${path} cannot be written: ${String(error)}`, { cause: error });
  return new Error(`${path} cannot be written (${reason}): ${what}. What was there before is untouched.`, {
    cause: error,
  });
}

/** Says what cannot be read, and why. */
export function unreadable(error: unknown, path: string): Error {
  const why = error instanceof Error ? error.message : String(error);
  return new Error(`${path} cannot be read: ${why}`, { cause: error });
}
