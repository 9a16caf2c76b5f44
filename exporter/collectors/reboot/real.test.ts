import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { localHost } from '../../host.ts';
import { reboot } from '../reboot.ts';
import { readZyppFlag } from './flag.ts';
import { kernelPackageFormat, kernelPackagePatterns, parseKernelPackages } from './kernel-packages.ts';
import { askNeedrestart, needrestartArguments, parseNeedrestart } from './needrestart.ts';
import { parseNeedsRestarting } from './needs-restarting.ts';
import { newerRpmKernels } from './rpm-kernels.ts';
import { installedRpms } from './rpm-packages.ts';

const records = mkdtempSync(join(tmpdir(), 'maintenance-reboot-'));
afterAll(() => rmSync(records, { recursive: true, force: true }));
const host = localHost({ stateDirectory: join(records, 'state') });

const statusParagraph = (name: string, status: string) =>
  `Package: ${name}\nStatus: ${status}\nMaintainer: x <x@example.org>\nArchitecture: amd64\nVersion: 1.2-3\nDescription: x\n\n`;

test('dpkg-query answers in the format that is parsed, also when a pattern matches nothing', async () => {
  writeFileSync(
    join(records, 'status'),
    statusParagraph('linux-image-6.1.0-25-amd64', 'install ok installed') +
      statusParagraph('linux-image-6.1.0-26-amd64', 'hold ok installed') +
      statusParagraph('linux-image-6.1.0-27-amd64', 'install ok half-configured') +
      statusParagraph('linux-image-amd64', 'install ok installed'),
  );
  const args = ['-W', '-f', kernelPackageFormat, ...kernelPackagePatterns];
  const { exitCode, stdout } = await host.run('dpkg-query', args, { env: { DPKG_ADMINDIR: records } });
  expect(exitCode).toBe(1);
  expect(
    parseKernelPackages(stdout).map(({ release, version, installed }) => [release, version, installed]),
  ).toEqual([
    ['6.1.0-25-amd64', '1.2-3', true],
    ['6.1.0-26-amd64', '1.2-3', true],
    ['6.1.0-27-amd64', '1.2-3', false],
  ]);
});

describe('rpm', () => {
  const database = join(records, 'rpmdb');

  test('names kernels and their time of installation, of several patterns', async () => {
    installRpms(['kernel-core', 'kernel-devel', 'glibc', 'bash']);
    const withDatabase: typeof host = {
      ...host,
      run: (tool, args) => host.run(tool, ['--dbpath', database, ...args]),
    };
    const now = Date.now() / 1000;
    const found = await installedRpms(withDatabase, ['kernel*', 'glibc']);
    expect(found.map(({ name, evr, arch }) => `${name} ${evr} ${arch}`).toSorted()).toEqual([
      'glibc 0:5.14.0-1.el9 noarch',
      'kernel-core 0:5.14.0-1.el9 noarch',
      'kernel-devel 0:5.14.0-1.el9 noarch',
    ]);
    expect(found.every(({ installed }) => Math.abs(now - installed) < 600)).toBe(true);
    expect(newerRpmKernels('5.14.0-1.el9.noarch', now + 3600, found)).toEqual([]);
    expect(newerRpmKernels('5.14.0-1.el9.noarch', now - 3600, found)).toMatchObject([
      { name: 'kernel-core' },
    ]);
  });

  test('without a database prints nothing and succeeds', async () => {
    const args = ['--dbpath', join(records, 'nowhere'), '-qa', 'kernel*'];
    expect(await host.run('rpm', args)).toMatchObject({ exitCode: 0, stdout: '' });
  });

  function installRpms(names: readonly string[]): void {
    for (const name of names) {
      writeFileSync(
        join(records, `${name}.spec`),
        `Name: ${name}\nVersion: 5.14.0\nRelease: 1.el9\nSummary: x\nLicense: x\nBuildArch: noarch\n%description\nx\n%files\n`,
      );
      command('rpmbuild', '--quiet', '--define', `_topdir ${records}`, '-bb', join(records, `${name}.spec`));
    }
    mkdirSync(database);
    const files = names.map((name) => join(records, 'RPMS/noarch', `${name}-5.14.0-1.el9.noarch.rpm`));
    command('rpm', '--dbpath', database, '-i', '--nodeps', '--justdb', ...files);
  }
});

function command(tool: string, ...args: readonly string[]): void {
  const { status, stderr, error } = spawnSync(tool, args, { encoding: 'utf8' });
  expect(error).toBeUndefined();
  expect(status, stderr).toBe(0);
}

test('zypper needs-rebooting looks only at the flag that is read here: 102 with it, 0 without', async () => {
  const root = join(records, 'root');
  mkdirSync(join(root, 'run'), { recursive: true });
  const underRoot: typeof host = { ...host, stat: (path) => host.stat(`${root}${path}`) };
  const ask = () => host.run('zypper', ['--root', root, 'needs-rebooting']);
  expect((await ask()).exitCode).toBe(0);
  expect(await readZyppFlag(underRoot)).toBeUndefined();
  writeFileSync(join(root, 'run/reboot-needed'), '');
  expect((await ask()).exitCode).toBe(102);
  expect(await readZyppFlag(underRoot)).toBeGreaterThan(Date.now() / 1000 - 600);
});

test('dnf without the plugin fails with 1, the code for a reboot, and says neither', async () => {
  const { exitCode, stdout, stderr } = await host.run('dnf', [
    '--installroot',
    join(records, 'empty'),
    'needs-restarting',
    '-r',
  ]);
  expect(exitCode).toBe(1);
  expect(parseNeedsRestarting(stdout + stderr)).toBeUndefined();
});

test('needrestart answers in the format that is parsed', async () => {
  const { exitCode, stdout } = await host.run('needrestart', needrestartArguments);
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/^NEEDRESTART-VER: \d/m);
  expect(await askNeedrestart(host)).toEqual(parseNeedrestart(stdout));
  const state = /^NEEDRESTART-KSTA: (\d)$/m.exec(stdout)?.[1];
  expect(parseNeedrestart(stdout).kernel).toBe(
    state === '1' ? false : state === '2' || state === '3' ? true : undefined,
  );
});

test('this host says 1 where a flag lies, and nothing about a kernel no package owns', async () => {
  const release = spawnSync('uname', ['-r'], { encoding: 'utf8' }).stdout.trim();
  const owned = existsSync(`/var/lib/dpkg/info/linux-image-${release}.list`);
  const flagged = existsSync('/run/reboot-required');
  try {
    const reasons = new Map(
      (await reboot.collect(host, {})).samples.map(({ labels, value }) => [labels['reason'], value]),
    );
    if (!owned) expect(reasons.get('kernel')).not.toBe(0);
    expect(reasons.get('flag_file') === 1).toBe(flagged);
  } catch (error) {
    expect(error).toMatchObject({ reason: 'unsupported' });
    expect(flagged).toBe(false);
  }
});
