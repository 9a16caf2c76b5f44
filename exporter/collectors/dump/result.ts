import type { BackupResult, EndedCommand } from '../../backup-result.ts';

/** Programs that start another one. Behind any other program a word such as `tar` is no program but, say, a folder. */
const wrappers: ReadonlySet<string> = new Set(
  'sudo doas runuser su nice ionice chrt timeout env flock nohup stdbuf chronic systemd-run systemd-inhibit ssh docker podman nerdctl kubectl lxc incus'.split(
    ' ',
  ),
);

type Judge = (ended: EndedCommand, args: readonly string[]) => BackupResult | undefined;

const judges: Readonly<Record<string, Judge>> = {
  pg_dump: dumpResult,
  pg_dumpall: dumpResult,
  pg_basebackup: dumpResult,
  mysqldump: mysqlResult,
  'mariadb-dump': mysqlResult,
  mariabackup: dumpResult,
  xtrabackup: dumpResult,
  mydumper: dumpResult,
  mongodump: dumpResult,
  tar: tarResult,
  gtar: tarResult,
  bsdtar: tarResult,
  pg_restore: listResult,
  gzip: testResult,
  pigz: testResult,
  zstd: testResult,
  xz: testResult,
  bzip2: testResult,
  unzip: testResult,
  md5sum: checksumResult,
  sha1sum: checksumResult,
  sha256sum: checksumResult,
  sha512sum: checksumResult,
};

/** Understands programs that write dumps and archives, and those that test them, also behind `sudo`, `ssh` or a container; undefined for any other command. */
export function dumpFileResult(ended: EndedCommand): BackupResult | undefined {
  const names = ended.argv.map(
    (word) =>
      word
        .split(/[/\\]/)
        .at(-1)
        ?.replace(/\.exe$/i, '') ?? '',
  );
  const first = names[0] ?? '';
  const at = wrappers.has(first) ? names.findIndex((name) => Object.hasOwn(judges, name)) : 0;
  const judge = Object.hasOwn(judges, names[at] ?? '') ? judges[names[at] ?? ''] : undefined;
  return judge?.(ended, ended.argv.slice(at + 1));
}

/** Programs whose exit code tells all: 0, or no usable dump (pg_dump(1), pg_basebackup(1), mongodump, xtrabackup). */
function dumpResult({ exitCode, stderr }: EndedCommand, args: readonly string[]): BackupResult | undefined {
  if (args.some((word) => /^(?:--help|-\?|--version|-V)$/.test(word))) return undefined;
  return exitCode === 0 ? { kind: 'run', outcome: 'success' } : failure(exitCode, stderr);
}

/**
 * mysqldump goes on after errors with --force and tells of the first one at its end (client/mysqldump.cc, maybe_exit; sql/client/my_exit codes 1
 * to 6): what it wrote lacks something then.
 */
function mysqlResult(ended: EndedCommand, args: readonly string[]): BackupResult | undefined {
  const { exitCode, stderr } = ended;
  const forced = args.some((word) => word === '-f' || word === '--force');
  const began = !/when trying to connect|when selecting the database/i.test(stderr);
  if (forced && began && exitCode > 1 && exitCode < 126)
    return { kind: 'run', outcome: 'partial', reason: `it ended with ${exitCode}: ${lastLine(stderr)}` };
  if (
    forced &&
    exitCode === 0 &&
    /^mysqldump: (?:Got error|Couldn't)|^mariadb-dump: (?:Got error|Couldn't)/m.test(stderr)
  )
    return { kind: 'run', outcome: 'partial', reason: `it went on after an error: ${lastLine(stderr)}` };
  return dumpResult(ended, args);
}

/**
 * GNU tar: 1 is "some files differ", which on creation means that files changed while they were read; 2 is fatal, also when it could
 * not read some of the files (manual, "Synopsis"). With --ignore-failed-read those are warnings and it ends with 0.
 */
function tarResult(ended: EndedCommand, args: readonly string[]): BackupResult | undefined {
  const { exitCode, stderr } = ended;
  const mode = tarMode(args);
  if (mode === 'list') return listResult(ended, ['-l']);
  if (mode !== 'create') return undefined;
  if (exitCode === 1)
    return {
      kind: 'run',
      outcome: 'partial',
      reason: `files changed while tar read them: ${lastLine(stderr)}`,
    };
  if (exitCode !== 0) return failure(exitCode, stderr);
  if (/: Warning: (?:Cannot|.*(?:Permission denied|No such file))/.test(stderr))
    return { kind: 'run', outcome: 'partial', reason: `tar left files out: ${lastLine(stderr)}` };
  return { kind: 'run', outcome: 'success' };
}

function tarMode(args: readonly string[]): 'create' | 'list' | 'other' {
  // The first word may hold letters without a dash: tar czf.
  const letters = args
    .filter((word, at) => /^-[a-zA-Z]/.test(word) || (at === 0 && !word.startsWith('-')))
    .join('');
  if (
    args.some((word) => /^--(?:create|append|update|catenate|concatenate)$/.test(word)) ||
    /^[^tx]*[cruA]/.test(letters)
  )
    return 'create';
  return args.includes('--list') || letters.includes('t') ? 'list' : 'other';
}

/** Reads only what is in it: a damaged content passes. */
function listResult({ exitCode, stderr }: EndedCommand, args: readonly string[]): BackupResult | undefined {
  if (!args.some((word) => word === '-l' || word === '--list')) return undefined;
  return verdict('structure', exitCode === 0, exitCode, stderr);
}

/** `gzip -t` and its siblings read every byte and compare the checksum; gzip(1) ends with 2 for a warning, such as garbage behind its end. */
function testResult(
  { exitCode, stderr, stdout }: EndedCommand,
  args: readonly string[],
): BackupResult | undefined {
  if (!args.some((word) => word === '--test' || /^-[a-zA-Z]*t[a-zA-Z]*$/.test(word))) return undefined;
  return verdict('data', exitCode === 0, exitCode, `${stdout}\n${stderr}`);
}

/** `sha256sum --check`; a file of the list that is not there is a failure as well (coreutils manual, "md5sum invocation"). */
function checksumResult(
  { exitCode, stderr, stdout }: EndedCommand,
  args: readonly string[],
): BackupResult | undefined {
  if (!args.some((word) => word === '--check' || /^-[a-z]*c$/.test(word))) return undefined;
  return verdict('data', exitCode === 0, exitCode, `${stderr}\n${stdout}`, /: FAILED/.test(stdout));
}

/** @param found whether it is sure that it looked. */
function verdict(
  depth: 'structure' | 'data',
  success: boolean,
  exitCode: number,
  said: string,
  found = false,
): BackupResult {
  if (success) return { kind: 'check', depth, success };
  const reason = `it ended with ${exitCode}: ${lastLine(said)}`;
  const looked =
    found || !/no such file|cannot (?:open|find)|can't (?:open|stat)|permission denied|not found/i.test(said);
  // Also when it was stopped, or could not be started.
  return looked && exitCode < 126
    ? { kind: 'check', depth, success, reason }
    : { kind: 'no_verdict', reason };
}

function failure(exitCode: number, stderr: string): BackupResult {
  return { kind: 'run', outcome: 'failure', reason: `it ended with ${exitCode}: ${lastLine(stderr)}` };
}

function lastLine(text: string): string {
  return (text.split('\n').findLast((line) => line.trim() !== '') ?? 'it gave no reason')
    .trim()
    .slice(0, 300);
}
