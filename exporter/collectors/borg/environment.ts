/** How to open a repository. */
export interface BorgConnection {
  readonly repository: string;
  readonly passphrase_file?: string | undefined;
  readonly cache_directory: string;
  readonly base_directory?: string | undefined;
  readonly environment?: Readonly<Record<string, string>> | undefined;
}

/** Variables that open a repository without a question, with times in UTC and with exit codes that tell warnings apart (borg 1.4). */
export function borgEnvironment(job: BorgConnection): Readonly<Record<string, string>> {
  return {
    ...job.environment,
    TZ: 'UTC',
    BORG_EXIT_CODES: 'modern',
    BORG_REPO: job.repository,
    ...(job.passphrase_file === undefined
      ? {}
      : { BORG_PASSCOMMAND: `cat -- ${quoted(job.passphrase_file)}` }),
    ...(job.base_directory === undefined ? {} : { BORG_BASE_DIR: job.base_directory }),
    BORG_CACHE_DIR: job.cache_directory,
  };
}

/** A word as borg splits BORG_PASSCOMMAND: like a POSIX shell (Python's shlex). */
function quoted(word: string): string {
  return `'${word.replaceAll("'", `'"'"'`)}'`;
}
