/** A package in a run of apt. */
export interface HistoryPackage {
  /** With its architecture, as the log has it. */
  readonly name: string;
  readonly action: 'install' | 'reinstall' | 'upgrade' | 'downgrade' | 'remove' | 'purge' | 'disappeared';
  /** Undefined when it was not installed before. */
  readonly from: string | undefined;
  /** Undefined when it was removed. */
  readonly to: string | undefined;
}

/** One run of apt, as /var/log/apt/history.log has it. Times are local, without a zone: `2026-11-21 17:57:45`. */
export interface HistoryEntry {
  readonly started: string;
  /** Undefined when apt did not come to its end. */
  readonly ended: string | undefined;
  readonly command: string | undefined;
  /** `user (1000)`. */
  readonly requestedBy: string | undefined;
  readonly error: string | undefined;
  readonly packages: readonly HistoryPackage[];
}

const actions: ReadonlyMap<string, HistoryPackage['action']> = new Map([
  ['install', 'install'],
  ['reinstall', 'reinstall'],
  ['upgrade', 'upgrade'],
  ['downgrade', 'downgrade'],
  ['remove', 'remove'],
  ['purge', 'purge'],
  ['disappeared', 'disappeared'],
]);

/**
 * Parses history.log, or several one after another, oldest first: paragraphs that pkgDPkgPM::OpenLog and CloseLog
 * (apt-pkg/deb/dpkgpm.cc) write. Field names are never translated. A paragraph without a readable Start-Date is left out.
 */
export function parseHistory(text: string): readonly HistoryEntry[] {
  return text.split(/\r?\n(?=Start-Date:)|\r?\n[ \t]*\r?\n/).flatMap((paragraph) => {
    const fields = new Map(
      [...paragraph.matchAll(/^([A-Z][A-Za-z-]*): ?(.*?)\r?$/gm)].map(([, name = '', value = '']) => [
        name.toLowerCase(),
        value.trim(),
      ]),
    );
    const started = localTime(fields.get('start-date'));
    if (started === undefined) return [];
    return [
      {
        started,
        ended: localTime(fields.get('end-date')),
        command: fields.get('commandline') || undefined,
        requestedBy: fields.get('requested-by') || undefined,
        error: fields.get('error'),
        packages: [...actions].flatMap(([field, action]) => parsePackages(fields.get(field) ?? '', action)),
      },
    ];
  });
}

function localTime(text: string | undefined): string | undefined {
  const [, day, time] = /^(\d{4}-\d\d-\d\d) +(\d\d:\d\d:\d\d)$/.exec(text ?? '') ?? [];
  return day === undefined || time === undefined ? undefined : `${day} ${time}`;
}

/** `libssl3:amd64 (3.0.20, 3.0.22), openssl:amd64 (3.0.22, automatic)`. */
function parsePackages(text: string, action: HistoryPackage['action']): readonly HistoryPackage[] {
  return [...text.matchAll(/([^\s,()]+) \(([^()]*)\)/g)].map(([, name = '', inside = '']) => {
    const [first, second] = inside.split(', ').filter((word) => word !== 'automatic' && word !== '');
    switch (action) {
      case 'upgrade':
      case 'downgrade':
        return { name, action, from: first, to: second };
      case 'remove':
      case 'purge':
      case 'disappeared':
        return { name, action, from: first, to: undefined };
      case 'reinstall':
        return { name, action, from: first, to: first };
      case 'install':
        return { name, action, from: undefined, to: first };
    }
  });
}

const dryRunOptions = new Set([
  '--dry-run',
  '--simulate',
  '--just-print',
  '--recon',
  '--no-act',
  '--download-only',
  '--print-uris',
]);
const aptPrograms = new Set(['apt', 'apt-get', 'aptitude', 'apt.real']);

/**
 * Whether a command line only plays. `unattended-upgrade --dry-run` writes paragraphs like those of a real run, without an
 * error, and takes any beginning of the option (optparse of Python). `-s` and `-d` mean something else to it.
 */
export function isDryRun(command: string): boolean {
  const [program = '', ...args] = command.split(/\s+/);
  if (args.some((argument) => dryRunOptions.has(argument))) return true;
  if (args.some((argument) => argument.length > 3 && '--dry-run'.startsWith(argument))) return true;
  if (!aptPrograms.has(program.slice(program.lastIndexOf('/') + 1))) return false;
  // Single letters may stand together; after one of these the rest is its value.
  return args.some((argument, at) => {
    const letters = /^-([a-zA-Z]+)/.exec(argument)?.[1] ?? '';
    const value = args[at - 1]?.match(/^-[a-zA-Z]*[otca]$/) !== null && args[at - 1] !== undefined;
    return !value && /[sd]/.test(letters.replace(/[otca].*$/, ''));
  });
}

/** unattended-upgrades installs in small steps and leaves a paragraph for each. */
export function isUnattended(command: string | undefined): boolean {
  return /(?:^|\/)unattended-upgrades?(?:\s|$)/.test(command ?? '');
}
