import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** A program that must be there, and the Debian package that has it. */
interface Requirement {
  /** Its name in PATH, or the whole path of a file. */
  readonly program: string;
  readonly package: string;
}

const servers: readonly Requirement[] = [
  { program: 'prometheus', package: 'prometheus' },
  { program: 'promtool', package: 'prometheus' },
  { program: 'prometheus-alertmanager', package: 'prometheus-alertmanager' },
  { program: 'amtool', package: 'prometheus-alertmanager' },
];

/** What each purpose needs: `start` the local stack, `test` the real components of the test suite. */
const purposes: Readonly<Record<string, readonly Requirement[]>> = {
  start: servers,
  test: [
    ...servers,
    { program: 'prometheus-blackbox-exporter', package: 'prometheus-blackbox-exporter' },
    { program: 'restic', package: 'restic' },
    { program: 'borg', package: 'borgbackup' },
    { program: 'borgmatic', package: 'borgmatic' },
    { program: 'clamd', package: 'clamav-daemon' },
    { program: 'smartctl', package: 'smartmontools' },
    { program: 'pdfinfo', package: 'poppler-utils' },
    { program: 'qpdf', package: 'qpdf' },
    { program: 'systemd-analyze', package: 'systemd' },
    { program: '/usr/lib/systemd/systemd-journal-remote', package: 'systemd-journal-remote' },
    { program: 'java', package: 'default-jre-headless' },
    { program: '/usr/share/java/preflight.jar', package: 'libpdfbox2-java' },
    { program: '/usr/share/java/jaxb-api.jar', package: 'libjaxb-api-java' },
    { program: 'openssl', package: 'openssl' },
    { program: 'apt-ftparchive', package: 'apt-utils' },
    { program: '/usr/lib/python3/dist-packages/apt/cache.py', package: 'python3-apt' },
    { program: 'debsecan', package: 'debsecan' },
    { program: 'rpm', package: 'rpm' },
    { program: 'rpmbuild', package: 'rpm' },
    { program: 'createrepo_c', package: 'createrepo-c' },
    { program: 'zck', package: 'zchunk' },
    { program: 'dnf', package: 'dnf' },
    { program: 'zypper', package: 'zypper' },
    { program: 'needrestart', package: 'needrestart' },
    { program: 'mkfs.btrfs', package: 'btrfs-progs' },
    { program: 'rsnapshot', package: 'rsnapshot' },
    { program: 'zstd', package: 'zstd' },
    { program: 'xz', package: 'xz-utils' },
    { program: 'bzip2', package: 'bzip2' },
    { program: 'unzip', package: 'unzip' },
    { program: 'initdb', package: 'postgresql' },
    { program: 'pgbackrest', package: 'pgbackrest' },
    { program: 'barman', package: 'barman' },
    { program: 'pacman', package: 'pacman-package-manager' },
    { program: 'flatpak', package: 'flatpak' },
    { program: 'victoria-metrics', package: 'victoria-metrics' },
    { program: 'vmalert', package: 'victoria-metrics' },
    { program: 'qemu-system-x86_64', package: 'qemu-system-x86' },
    { program: 'busybox', package: 'busybox-static' },
    { program: 'cpio', package: 'cpio' },
    { program: 'mdadm', package: 'mdadm' },
    { program: 'lvm', package: 'lvm2' },
    { program: 'dmsetup', package: 'dmsetup' },
    { program: 'thin_check', package: 'thin-provisioning-tools' },
  ],
};

/** Debian packages still missing for a purpose. */
export function missingPackages(purpose: string): readonly string[] {
  const missing = (purposes[purpose] ?? []).filter(({ program }) => !installed(program));
  return [...new Set(missing.map((requirement) => requirement.package))];
}

/**
 * Makes sure the real servers and tools of a purpose are there: installs Debian packages when it may.
 * @param say receives one line of progress.
 * @throws Error that says exactly what to install, when it may not.
 */
export function ensurePackages(purpose: string, say: (line: string) => void): void {
  const missing = missingPackages(purpose);
  if (missing.length === 0) return;
  const command = `apt-get install --no-install-recommends ${missing.join(' ')}`;
  if (process.getuid?.() !== 0 || !installed('apt-get'))
    throw new Error(`these Debian packages are missing; as root run:\n  apt-get update && ${command}`);
  say(`installing ${missing.join(', ')} (Debian packages)`);
  withoutStartingServices(() =>
    withoutMakingClusters(() => {
      aptGet(['update', '-q']);
      aptGet(['install', '-q', '-y', '--no-install-recommends', ...missing]);
    }),
  );
  const still = missingPackages(purpose);
  if (still.length > 0) throw new Error(`still missing after ${command}: ${still.join(', ')}`);
}

function aptGet(args: readonly string[]): void {
  const { status, stdout, stderr } = spawnSync('apt-get', args, {
    encoding: 'utf8',
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' },
    maxBuffer: 64 * 1024 * 1024,
  });
  if (status !== 0) throw new Error(`apt-get ${args.join(' ')} failed:\n${stderr}${stdout.slice(-2000)}`);
}

/**
 * Debian starts a service as soon as its package is installed; the stack here runs its own on its own ports, so the
 * machine's services stay as they are (policy-rc.d, see invoke-rc.d(8)).
 */
function withoutStartingServices(act: () => void): void {
  const policy = '/usr/sbin/policy-rc.d';
  if (existsSync(policy)) return act();
  writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    return act();
  } finally {
    rmSync(policy, { force: true });
  }
}

/** The first PostgreSQL on a machine gets a cluster of its own; tests make theirs (createcluster.conf, see pg_createcluster(8)). */
function withoutMakingClusters(act: () => void): void {
  const folder = '/etc/postgresql-common/createcluster.d';
  const setting = join(folder, 'maintenance-exporter-tests.conf');
  mkdirSync(folder, { recursive: true });
  writeFileSync(setting, 'create_main_cluster = false\n');
  try {
    return act();
  } finally {
    rmSync(setting, { force: true });
  }
}

function installed(program: string): boolean {
  if (program.startsWith('/')) return existsSync(program);
  const path = (process.env['PATH'] ?? '').split(delimiter);
  const folders = [...path, '/usr/sbin', '/sbin', '/usr/bin', '/bin', ...postgresqlFolders()];
  return folders.some((folder) => existsSync(join(folder, program)));
}

/** Where Debian keeps the programs of a PostgreSQL server: outside of PATH, by version. */
function postgresqlFolders(): readonly string[] {
  const root = '/usr/lib/postgresql';
  return existsSync(root) ? readdirSync(root).map((version) => join(root, version, 'bin')) : [];
}

if (import.meta.main) {
  const [purpose = 'start'] = process.argv.slice(2);
  try {
    ensurePackages(purpose, (line) => process.stderr.write(`${line}\n`));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  }
}
