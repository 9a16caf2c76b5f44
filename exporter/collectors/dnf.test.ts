import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { CollectorError, type SqlValue } from '../collector.ts';
import type { Evidence } from '../evidence.ts';
import type { Sample } from '../metrics.ts';
import { replay, type Replay } from '../replay.ts';
import { dnf } from './dnf.ts';
import { deploymentsOf, historyQuery, parseUsers } from './dnf/history.ts';
import { parseRepoinfo, parseRepolist } from './dnf/repositories.ts';
import { dnfFailure, withoutSecrets } from './dnf/tool.ts';
import { parseCheckUpdate, parseOffered } from './dnf/upgrades.ts';
import { severityOf } from './rpm/classes.ts';
import { outstandingAdvisories } from './rpm/outstanding.ts';
import { rebootNeeded } from './rpm/reboot.ts';
import { parseUpdateInfo } from './rpm/updateinfo.ts';
import { parseNevra } from './versions/rpm.ts';

const shared = new URL('../../../shared/fixtures/sources/', import.meta.url);
const here = existsSync(new URL('dnf/', shared));
if (!here) console.warn('no ../shared here: the samples of dnf are not read');
const fixture = (name: string) => readFileSync(new URL(name, shared), 'utf8');
const utc = (text: string) => Date.parse(text) / 1000;

const installed = [
  'openssl-libs-3.0.7-24.el9.noarch',
  'kernel-core-5.14.0-362.el9.noarch',
  'vim-minimal-8.2.2637-20.el9.noarch',
  'curl-7.76.1-26.el9.noarch',
].flatMap((name) => parseNevra(name) ?? []);

/** What the samples of dnf are about: what it then had installed, and what its repository offered. */
async function outstandingInSamples() {
  const { advisories } = await parseUpdateInfo(fixture('dnf/updateinfo-used.xml'));
  const offered = new Map(
    parseCheckUpdate(fixture('dnf/dnf4-check-update.txt')).map(({ name, evr }) => [name, evr]),
  );
  return outstandingAdvisories(installed, advisories, { offered: (name) => offered.get(name) });
}

describe.skipIf(!here)('the samples of dnf 4', () => {
  test('check-update names four packages and their versions', () => {
    expect(parseCheckUpdate(fixture('dnf/dnf4-check-update.txt'))).toEqual([
      { name: 'curl', arch: 'noarch', evr: '7.76.1-29.el9' },
      { name: 'kernel-core', arch: 'noarch', evr: '5.14.0-427.el9' },
      { name: 'openssl-libs', arch: 'noarch', evr: '3.0.7-25.el9_3' },
      { name: 'vim-minimal', arch: 'noarch', evr: '8.2.2637-21.el9' },
    ]);
  });

  test('repoquery tells the same packages, and is refused in a format that was not asked for', () => {
    const text = fixture('dnf/dnf4-repoquery-upgrades.txt');
    const asked = text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => {
        const [name, epoch, version, release, arch, repository] = line.split('|');
        return `offered ${name} ${epoch} ${version} ${release} ${arch} ${repository}`;
      });
    expect(parseOffered(asked.join('\n'))).toEqual(
      parseCheckUpdate(fixture('dnf/dnf4-check-update.txt')).map((one) => ({ ...one, repository: 'baseos' })),
    );
    expect(() => parseOffered(text)).toThrow(/dnf repoquery printed curl\|0\|/);
  });

  test.each(['dnf4-updateinfo-list.txt', 'dnf4-updateinfo-list-all.txt'])(
    '%s has exactly the advisories that are outstanding: one beyond what the repository offers is not',
    async (name) => {
      const told = [...fixture(`dnf/${name}`).matchAll(/^\s*(RH\S+) +(\S+) +(\S+)$/gm)].map(
        ([, id, label, nevra]) => [id, label, nevra],
      );
      const words = {
        critical: 'Critical',
        important: 'Important',
        moderate: 'Moderate',
        low: 'Low',
        unknown: 'Unknown',
      };
      const found = (await outstandingInSamples()).map(({ advisory, ...one }) => [
        advisory.id,
        advisory.type === 'security' ? `${words[severityOf(advisory.severity)]}/Sec.` : advisory.type,
        `${one.name}-${one.evr}.${one.arch}`,
      ]);
      expect(found.toSorted(byText)).toEqual(told.toSorted(byText));
      expect(found.flat()).not.toContain('RHSA-2024:2447');
    },
  );

  test('dnf4-updateinfo-list-cve.txt has exactly the CVEs of the outstanding advisories', async () => {
    const told = [...fixture('dnf/dnf4-updateinfo-list-cve.txt').matchAll(/^(CVE-\S+) +\S+ +(\S+)$/gm)];
    const found = (await outstandingInSamples()).flatMap(({ advisory, name, evr, arch }) =>
      advisory.cves.map((cve) => [cve, `${name}-${evr}.${arch}`]),
    );
    expect(found.toSorted(byText)).toEqual(told.map(([, cve, nevra]) => [cve, nevra]).toSorted(byText));
    expect(found.length).toBe(3);
  });

  test('dnf4-updateinfo-summary.txt counts what is outstanding', async () => {
    const found = (await outstandingInSamples()).map(({ advisory }) => advisory);
    const summary = fixture('dnf/dnf4-updateinfo-summary.txt');
    const told = (what: string) => Number(new RegExp(`^ +(\\d+) ${what} notice`, 'm').exec(summary)?.[1]);
    const security = found.filter(({ type }) => type === 'security');
    expect([security.length, found.length - security.length]).toEqual([told('Security'), told('Bugfix')]);
    expect(security.filter(({ severity }) => severity === 'Important').length).toBe(
      told('Important Security'),
    );
    expect(security.filter(({ severity }) => severity === 'Moderate').length).toBe(told('Moderate Security'));
  });

  test('updateinfo info calls the date of the last change the only one, so its text is not used', async () => {
    const text = fixture('dnf/dnf4-updateinfo-info.txt');
    const [kernel] = (await outstandingInSamples()).filter(({ name }) => name === 'kernel-core');
    expect(text).toContain('Updated: 2024-06-01 00:00:00');
    expect(text).not.toMatch(/issued|2024-04-30/i);
    expect(kernel?.advisory.issued).toBe(utc('2024-04-30T00:00:00Z'));
    expect(kernel?.advisory.updated).toBe(utc('2024-06-01T00:00:00Z'));
  });

  test('a repository that is down prints no packages and an error: its metadata are missing, not 0 updates', () => {
    const output = {
      exitCode: 1,
      stdout: fixture('dnf/dnf4-repo-down.stdout'),
      stderr: fixture('dnf/dnf4-repo-down.stderr'),
    };
    expect(output.stdout).toBe('');
    expect(dnfFailure('dnf check-update', output)).toMatchObject({
      reason: 'metadata_missing',
      message: expect.stringContaining('has no metadata of baseos'),
    });
  });

  test('history: two transactions that succeeded and one that failed, to the second and with their command lines', () => {
    const transactions = transactionsInSample();
    expect(transactions.map(({ id, state, user_id: user }) => [id, state, user])).toEqual([
      [1, 1, -1],
      [2, 1, -1],
      [3, 2, -1],
    ]);
    const upgraded = /Upgrade +(\S+) /.exec(fixture('dnf/dnf4-history-info.txt'))?.[1] ?? '';
    const replaced = /Upgraded +(\S+) /.exec(fixture('dnf/dnf4-history-info.txt'))?.[1] ?? '';
    expect([upgraded, replaced]).toEqual([
      'openssl-libs-3.0.7-25.el9_3.noarch',
      'openssl-libs-3.0.7-24.el9.noarch',
    ]);
    const failed = /^Failed:\n +(\S+)/m.exec(fixture('dnf/dnf4-failed-install.txt'))?.[1] ?? '';
    expect(failed).toBe('badpkg-1-1.noarch');
    const [first = {}, second = {}, third = {}] = transactions;
    const deployments = deploymentsOf(
      [
        ...installed.map(({ name, evr, arch }) => item(first, 1, 1, `${name}-${evr}.${arch}`)),
        item(second, 6, 1, upgraded),
        item(second, 7, 1, replaced),
        item(third, 1, 2, failed),
      ],
      { running: false, userName: () => undefined },
    );
    expect(deployments.map(({ started, outcome, packages }) => [started, outcome, packages.length])).toEqual([
      [1_795_283_755, 'success', 4],
      [1_795_283_761, 'success', 1],
      [1_795_283_806, 'failure', 1],
    ]);
    expect(deployments[1]?.packages).toEqual([
      { name: 'openssl-libs.noarch', from: '3.0.7-24.el9', to: '3.0.7-25.el9_3' },
    ]);
    expect(deployments[2]?.packages).toEqual([{ name: 'badpkg.noarch', to: '1-1', failed: true }]);
    expect(deployments[1]?.command).toContain('-q upgrade --advisory RHSA-2024:0310');
    expect(deployments[0]?.actor).toBeUndefined();
  });

  test.each(['dnf4-history-list.txt', 'dnf4-history-list-after-failure.txt'])(
    '%s cuts the command line and the seconds, so the database is read in its place',
    (name) => {
      const rows = [
        ...fixture(`dnf/${name}`).matchAll(/^ +(\d+) \| (.+?) +\| (\S+ \S+) +\| \S+ +\| +\d+ ?(\S*)/gm),
      ];
      expect(rows.length).toBeGreaterThanOrEqual(2);
      const byId = new Map(transactionsInSample().map((one) => [String(one['id']), one]));
      for (const [, id = '', command = '', time = '', mark] of rows) {
        const known = byId.get(id);
        expect(command.length).toBe(24);
        expect(String(known?.['cmdline']).startsWith(command)).toBe(true);
        expect(time).toBe(
          new Date(Number(known?.['dt_begin']) * 1000).toISOString().slice(0, 16).replace('T', ' '),
        );
        expect(mark === '##').toBe(known?.['state'] === 2);
      }
    },
  );

  test('needs-restarting -r: a code other than 0 is not the answer, the packages are (yum.sh counts any failure as a reboot)', () => {
    const [required = '', failing = ''] = fixture('dnf/dnf4-needs-restarting-r.txt').split(/(?<=rc=1)\n/);
    const needsReboot = rebootNeeded([], []);
    expect(
      [...required.matchAll(/^ {2}\* (\S+)$/gm)].map(([, name = '']) => [name, needsReboot(name)]),
    ).toEqual([['kernel-core', true]]);
    expect(failing).toContain('Failed to read PID');
    expect(needsReboot('curl')).toBe(false);
  });

  test('yum.sh counts by repository and cannot tell the security update among them; advisories can', async () => {
    const ok = fixture('node-exporter-textfile/yum.sh-ok.prom');
    expect(ok.match(/^yum_upgrades_pending\{.*$/gm)).toEqual(['yum_upgrades_pending{origin="baseos"} 3']);
    const { advisories } = await parseUpdateInfo(fixture('dnf/updateinfo-used.xml'));
    expect(advisories.filter(({ type }) => type === 'security').map(({ id }) => id)).toEqual([
      'RHSA-2024:0310',
      'RHSA-2024:2394',
      'RHSA-2024:2447',
    ]);
    // It also calls the host in no need of a reboot, whose kernel update it counts as one of three.
    expect(ok).toMatch(/^node_reboot_required 0$/m);
  });

  test('yum.sh calls a dead repository 0 pending; here nothing is claimed', async () => {
    const lie = fixture('node-exporter-textfile/yum.sh-repo-down.prom');
    expect(lie).toMatch(/^yum_upgrades_pending\{origin=""\} 0$/m);
    const down = { exitCode: 1, stderr: fixture('dnf/dnf4-repo-down.stderr') };
    const { pending, reasons, complete } = await collect({
      commands: { ...answers, [command('repoinfo --enabled')]: down },
    });
    expect(pending).toEqual([]);
    expect(complete).toBe(0);
    expect(reasons).toEqual(['metadata_missing']);
  });
});

function byText(a: readonly unknown[], b: readonly unknown[]): number {
  return String(a) < String(b) ? -1 : 1;
}

type Row = Readonly<Record<string, SqlValue>>;

function transactionsInSample(): readonly Row[] {
  const lines = fixture('dnf/dnf4-history-sqlite-trans.txt')
    .split('\n')
    .filter((line) => /^\d+\|/.test(line));
  return lines.map((line) => {
    const [id, begin, end, , , , user, cmdline, state] = line.split('|');
    return {
      id: Number(id),
      dt_begin: Number(begin),
      dt_end: Number(end),
      user_id: Number(user),
      cmdline: cmdline ?? '',
      state: Number(state),
    };
  });
}

function item(transaction: Row, action: number, state: number, nevra: string): Row {
  const { name = '', evr = '', arch = '' } = parseNevra(nevra) ?? {};
  const [version = '', release = ''] = evr.split('-');
  return {
    ...transaction,
    action,
    item_state: state,
    name,
    epoch: 0,
    version,
    release,
    arch,
    failed_scriptlets: 0,
  };
}

const command = (args: string) => `dnf --cacheonly --quiet ${args}`;
const cache = '/var/cache/dnf/baseos-0123456789abcdef';
const repomd =
  '<repomd><revision>1794000000</revision><data type="primary"><location href="repodata/primary.xml.gz"/></data><data type="updateinfo"><location href="repodata/updateinfo.xml.gz"/></data></repomd>';
const notice = (id: string, type: string, severity: string, issued: string, evr: string) => {
  const [version, release] = evr.split('-');
  return `<update type="${type}"><id>${id}</id><issued date="${issued}"/><severity>${severity}</severity><pkglist><collection><package name="curl" version="${version}" release="${release}" arch="x86_64"/></collection></pkglist></update>`;
};
const format = 'offered %{name} %{epoch} %{version} %{release} %{arch} %{repoid}';
const offeredCommand = command(`repoquery --upgrades --disableexcludes=all --queryformat ${format}`);
const coreCommand = command(
  `repoquery --available --disableexcludes=all --queryformat ${format} glibc rpm systemd kernel-core`,
);
const rpmCommand = 'rpm -qa --queryformat %{NAME}\\t%{EPOCHNUM}\\t%{VERSION}\\t%{RELEASE}\\t%{ARCH}\\n';
const answers = {
  [command('repolist --enabled')]: 'repo id          repo name\nbaseos           BaseOS\n',
  [command('repoinfo --enabled')]:
    'Repo-id            : baseos\nRepo-revision      : 1794000000\nTotal packages: 9\n',
  [rpmCommand]:
    'curl\t0\t7.76\t1.el9\tx86_64\ngpg-pubkey\t0\t8483c65d\t5ccc5b19\t(none)\nglibc\t0\t2.34\t1.el9\tx86_64\n',
  [coreCommand]: 'offered glibc 0 2.34 1.el9 x86_64 baseos\n',
  [offeredCommand]: 'offered curl 0 7.78 1.el9 x86_64 baseos\n',
  [command('check-update')]: { exitCode: 100, stdout: '\ncurl.x86_64     7.78-1.el9     baseos\n' },
};
const files = {
  [`${cache}/repodata/repomd.xml`]: repomd,
  [`${cache}/repodata/primary.xml.gz`]: 'x',
  [`${cache}/repodata/updateinfo.xml.gz`]: `<updates>${notice('SA-1', 'security', 'Important', '2026-01-02 03:04:05', '7.77-1.el9')}${notice('BA-1', 'bugfix', '', '2026-03-01', '7.78-1.el9')}</updates>`,
};

async function collect(captured: Replay) {
  const host = replay({ commands: answers, files, ...captured });
  const { samples, problems } = await dnf.collect(host, {});
  const about = (part: string) =>
    samples
      .filter(({ name }) => name.includes(part))
      .map(({ labels, value }: Sample) => `${Object.values(labels).slice(1).join(' ')} ${value}`);
  return {
    samples,
    problems,
    reasons: problems.map(({ reason }) => reason),
    pending: about('patches_pending').filter((line) => !line.endsWith(' 0')),
    all: about('patches_pending'),
    held: about('patches_held').filter((line) => !line.endsWith(' 0')),
    oldest: about('oldest_pending'),
    complete: samples.find(({ name }) => name === 'maintenance_patch_metadata_complete')?.value,
    automation: samples.find(({ name }) => name === 'maintenance_patch_automation_enabled')?.value,
    lastRun: samples.find(({ name }) => name === 'maintenance_patch_automation_last_run_timestamp_seconds')
      ?.value,
    deployments: about('deployments_total'),
  };
}

describe('dnf 4, replayed', () => {
  test('a security update hidden by a later normal one is pending, with its age (yum.sh hides it)', async () => {
    const { pending, oldest, reasons, complete } = await collect({});
    expect(reasons).toEqual([]);
    expect(complete).toBe(1);
    expect(pending).toEqual(['security important 1']);
    expect(oldest).toEqual([`security important released ${utc('2026-01-02T03:04:05Z')}`]);
  });

  test('noise around the list is no package: a running kernel that is old, messages, obsoletes (yum.sh counts "is" and "To")', async () => {
    const noise = `Updating Subscription Management repositories.
Security: kernel-core-5.14.0-427.el9.x86_64 is an installed security update
Security: kernel-core-5.14.0-362.el9.x86_64 is the currently running version
To install, run: dnf upgrade

curl.x86_64     7.78-1.el9     baseos
Obsoleting Packages
glibc.x86_64    2.34-9.el9     baseos
    glibc.x86_64    2.34-1.el9     @System
`;
    expect(parseCheckUpdate(noise)).toEqual([{ name: 'curl', arch: 'x86_64', evr: '7.78-1.el9' }]);
    const { pending, held } = await collect({
      commands: { ...answers, [command('check-update')]: { exitCode: 100, stdout: noise } },
    });
    expect(pending).toEqual(['security important 1']);
    expect(held).toEqual([]);
  });

  test('a long name is one package, though dnf breaks its line', () => {
    const text = `
a-package-with-a-name-that-is-longer-than-its-column.x86_64
                                        1:2.0-1.el9             a-repository-with-a-name
libstdc++.i686                          11.4.1-3.el9            baseos
`;
    expect(parseCheckUpdate(text)).toEqual([
      { name: 'a-package-with-a-name-that-is-longer-than-its-column', arch: 'x86_64', evr: '1:2.0-1.el9' },
      { name: 'libstdc++', arch: 'i686', evr: '11.4.1-3.el9' },
    ]);
  });

  test.each([
    ['says 100 and lists nothing', { exitCode: 100, stdout: 'To use updates, log in\n' }],
    ['says 0 and lists something', { exitCode: 0, stdout: 'curl.x86_64     7.78-1.el9     baseos\n' }],
    ['speaks another language', { exitCode: 100, stdout: 'Keine Aktualisierungen: es gibt welche\n' }],
  ])('check-update that %s leaves pending unknown', async (_, answer) => {
    const { all, reasons } = await collect({ commands: { ...answers, [command('check-update')]: answer } });
    expect(all).toEqual([]);
    expect(reasons).toEqual(['unexpected_output']);
  });

  test.each([
    ['is not installed', new CollectorError('tool_missing', 'dnf is not installed'), 'tool_missing'],
    ['takes too long', new CollectorError('timeout', 'dnf took longer than 60 s'), 'timeout'],
    ['may not be run', new CollectorError('permission_denied', 'dnf may not be run'), 'permission_denied'],
    ['prints too much', new CollectorError('output_too_large', 'more than 32 MiB'), 'output_too_large'],
    [
      'may not read its configuration',
      { exitCode: 1, stderr: "Config error: [Errno 13] Permission denied: '/etc/dnf/dnf.conf'" },
      'permission_denied',
    ],
    ['fails', { exitCode: 1, stderr: 'Error: Error: rpmdb open failed' }, 'tool_failed'],
    ['fails in German', { exitCode: 1, stderr: 'Fehler: unbekannt' }, 'tool_failed'],
    ['answers in bytes that are no text', '\u{fffd}\u{fffd}\u0000', 'unexpected_output'],
    ['is cut off in its heading', 'repo i', 'unexpected_output'],
  ])('a tool that %s: nothing is claimed', async (_, answer, reason) => {
    for (const asked of [command('repolist --enabled'), offeredCommand]) {
      // oxlint-disable-next-line no-await-in-loop -- one command after the other
      const { all, reasons } = await collect({ commands: { ...answers, [asked]: answer } });
      expect(all).toEqual([]);
      expect(reasons).toEqual([reason]);
    }
  });

  test('a repository that dnf leaves out in silence (skip_if_unavailable) makes pending unknown', async () => {
    const { all, complete, problems } = await collect({
      commands: {
        ...answers,
        [command('repolist --enabled')]:
          'repo id          repo name\nbaseos           BaseOS\nextra            E\n',
      },
    });
    expect(all).toEqual([]);
    expect(complete).toBe(0);
    expect(problems).toMatchObject([
      { reason: 'metadata_missing', message: expect.stringContaining('the metadata of extra are not in') },
    ]);
  });

  test('rpm that knows no package is no answer', async () => {
    const { all, reasons } = await collect({ commands: { ...answers, [rpmCommand]: '' } });
    expect(all).toEqual([]);
    expect(reasons).toEqual(['source_missing']);
  });

  test('advisories damaged in the cache leave security unknown and count every update as standard', async () => {
    const damaged = {
      ...files,
      [`${cache}/repodata/updateinfo.xml.gz`]: '<updates><update type="security">',
    };
    const { all, reasons } = await collect({ files: damaged });
    expect(all).toEqual(['standard unknown 1']);
    expect(reasons).toEqual(['unexpected_output']);
  });

  test('advisories that the repository names and the cache lacks leave security unknown', async () => {
    const { [`${cache}/repodata/updateinfo.xml.gz`]: _, ...without } = files;
    const { all, reasons } = await collect({ files: without });
    expect(all).toEqual(['standard unknown 1']);
    expect(reasons).toEqual(['source_missing']);
  });

  test('metadata published in the future have no date', async () => {
    const { samples, reasons } = await collect({ now: 1_793_000_000 });
    expect(samples.filter(({ name }) => name.includes('metadata_timestamp'))).toEqual([]);
    expect(reasons).toContain('unexpected_output');
  });

  test('dnf 5 under the name of dnf is left to its own collector', async () => {
    const { all, reasons } = await collect({ files: { ...files, '/usr/bin/dnf5': 'x' } });
    expect(all).toEqual([]);
    expect(reasons).toEqual(['unsupported']);
  });

  test('lines before the heading of repolist are messages, and the repository of the plugin local is none', () => {
    const text =
      'Not root, Subscription Management repositories not updated\nrepo id        repo name\n_dnf_local     _dnf_local\nbaseos         BaseOS\ncopr:copr.fedorainfracloud.org:a:b Copr\n';
    expect(parseRepolist(text)).toEqual(['baseos', 'copr:copr.fedorainfracloud.org:a:b']);
    expect(parseRepolist('')).toEqual([]);
    expect(() => parseRepolist('Paketquelle  Name\n')).toThrow(/no heading/);
  });

  test('repoinfo names what could be loaded, with its revision', () => {
    const text =
      'Repo-id            : baseos\nRepo-name          : A: B\nRepo-revision      : 8.10\n\nRepo-id            : empty\nTotal packages: 0\n';
    expect(parseRepoinfo(text)).toEqual([
      { id: 'baseos', revision: '8.10' },
      { id: 'empty', revision: undefined },
    ]);
    expect(parseRepoinfo('Total packages: 0\n')).toEqual([]);
    expect(() => parseRepoinfo('Fehler\n')).toThrow(/dnf repoinfo printed Fehler/);
  });

  test('passwords reach neither messages nor evidence', () => {
    expect(
      withoutSecrets('install https://user:pw@example.com/a.rpm --setopt=proxy_password=secret -y'),
    ).toBe('install https://example.com/a.rpm --setopt=proxy_password=... -y');
  });
});

describe('the history of dnf 4', () => {
  const history = '/var/lib/dnf/history.sqlite';
  const at = {
    id: 7,
    dt_begin: 1_794_000_000,
    dt_end: 1_794_000_060,
    user_id: 1000,
    cmdline: '-y upgrade',
    state: 1,
  };
  const kernel = [
    item(at, 6, 1, 'kernel-core-5.14.0-427.el9.x86_64'),
    item(at, 7, 1, 'kernel-core-5.14.0-362.el9.x86_64'),
  ];
  const read = (rows: readonly Row[], more: Partial<Replay> = {}) => {
    const evidence: Evidence[] = [];
    const captured = {
      databases: { [`${history} ${historyQuery}`]: rows },
      evidence,
      files: {
        ...files,
        '/etc/passwd': 'root:x:0:0::/root:/bin/sh\nada:x:1000:1000::/home/ada:/bin/sh\n',
        '/proc/stat': 'btime 1793000000\n',
      },
      ...more,
    };
    return collect(captured).then((found) => ({
      ...found,
      evidence: evidence.filter(({ kind }) => kind === 'patch_deployment'),
    }));
  };

  test('a kernel that was installed since the start waits for a reboot and is no success yet', async () => {
    const { deployments, evidence } = await read(kernel);
    expect(deployments).toEqual(['success 0', 'partial 0', 'failure 0', 'pending_reboot 1']);
    expect(evidence).toMatchObject([
      { outcome: 'pending_reboot', actor: 'ada', source: history, details: { command: '-y upgrade' } },
    ]);
  });

  test('one that was installed before the start is a success', async () => {
    const { deployments } = await read(kernel, {
      files: { ...files, '/proc/stat': 'btime 1794900000\n' },
    });
    expect(deployments).toEqual(['success 1', 'partial 0', 'failure 0', 'pending_reboot 0']);
  });

  test('marks and groups are no deployments', () => {
    const reason = [item(at, 11, 1, 'curl-7.76-1.el9.x86_64')];
    expect(deploymentsOf(reason, { running: false, userName: () => undefined })).toEqual([]);
    const group = [
      { ...at, action: 1, item_state: 1, name: null, version: null, release: null, arch: null, epoch: null },
    ];
    expect(deploymentsOf(group, { running: false, userName: () => undefined })).toEqual([]);
  });

  test('every kind of change has its versions', () => {
    const rows = [
      item(at, 1, 1, 'new-1-1.x86_64'),
      item(at, 8, 1, 'gone-1-1.x86_64'),
      item(at, 9, 1, 'again-1-1.x86_64'),
      item(at, 10, 1, 'again-1-1.x86_64'),
      item(at, 2, 1, 'back-1-1.x86_64'),
      item(at, 3, 1, 'back-2-1.x86_64'),
      item(at, 6, 1, 'now-2-1.noarch'),
      item(at, 7, 1, 'now-1-1.x86_64'),
      item(at, 5, 1, 'obsolete-1-1.x86_64'),
    ];
    expect(deploymentsOf(rows, { running: false, userName: () => 'ada' })[0]?.packages).toEqual([
      { name: 'new.x86_64', to: '1-1' },
      { name: 'again.x86_64', from: '1-1', to: '1-1' },
      { name: 'back.x86_64', from: '2-1', to: '1-1' },
      { name: 'now.noarch', from: '1-1', to: '2-1' },
      { name: 'gone.x86_64', from: '1-1' },
      { name: 'obsolete.x86_64', from: '1-1' },
    ]);
  });

  test('an unfinished transaction that is not the newest was interrupted, whatever runs now', () => {
    const cut = { ...at, state: 0, dt_end: 0 };
    const rows = [item(cut, 1, 0, 'slow-1-1.x86_64'), ...kernel.map((row) => ({ ...row, id: 8 }))];
    const found = deploymentsOf(rows, { running: true, userName: () => undefined });
    expect(found.map(({ outcome, ended }) => [outcome, ended])).toEqual([
      ['failure', undefined],
      ['success', at.dt_end],
    ]);
    expect(deploymentsOf(rows.slice(0, 1), { running: true, userName: () => undefined })).toEqual([]);
  });

  test('a package that failed makes a transaction partial, although dnf calls it done', () => {
    const rows = [item(at, 1, 1, 'good-1-1.x86_64'), item(at, 1, 2, 'bad-1-1.x86_64')];
    const outcome = (list: readonly Row[]) =>
      deploymentsOf(list, { running: false, userName: () => undefined }).map((one) => one.outcome);
    expect(outcome(rows)).toEqual(['partial']);
    expect(outcome(rows.slice(1))).toEqual(['failure']);
    expect(outcome([{ ...at, state: 2 }])).toEqual(['failure']);
  });

  test('a user that was never set is nobody, in both ways dnf writes it', () => {
    for (const user of [-1, 4_294_967_295]) {
      const rows = kernel.map((row) => ({ ...row, user_id: user }));
      expect(deploymentsOf(rows, { running: false, userName: () => 'ada' })[0]?.actor).toBeUndefined();
    }
    expect(parseUsers('a:x:5:\nnot a line\nb:x:no:\n')).toEqual(new Map([[5, 'a']]));
  });

  test.each([
    ['may not be read', new CollectorError('permission_denied', 'could not read'), 'permission_denied'],
    ['is damaged', new CollectorError('unexpected_output', 'it is damaged'), 'unexpected_output'],
    ['has rows of another shape', [{ id: 1, dt_begin: 'yesterday', state: 1 }], 'unexpected_output'],
  ])('a history that %s: no deployments, and the updates are still told', async (_, rows, reason) => {
    const { deployments, reasons, pending } = await collect({
      databases: { [`${history} ${historyQuery}`]: rows },
    });
    expect(deployments).toEqual([]);
    expect(reasons).toEqual([reason]);
    expect(pending).toEqual(['security important 1']);
  });
});

describe('dnf-automatic', () => {
  const show =
    'systemctl show --no-pager --property=Id,LoadState,UnitFileState,ActiveState,Result,ExecMainExitTimestamp -- dnf-automatic-install.timer dnf-automatic.timer dnf-automatic-install.service dnf-automatic.service';
  const unit = (id: string, fields: string) => `Id=${id}\nLoadState=loaded\n${fields}\n`;
  const absent = (id: string) => `Id=${id}\nLoadState=not-found\nActiveState=inactive\n`;
  const on = 'UnitFileState=enabled\nActiveState=active';
  const conf = (text: string) => ({ '/etc/dnf/automatic.conf': text });
  const answer = (install: string, plain: string) =>
    [
      install,
      plain,
      absent('dnf-automatic-install.service'),
      unit(
        'dnf-automatic.service',
        'UnitFileState=static\nActiveState=inactive\nResult=success\nExecMainExitTimestamp=Wed 2026-11-25 06:00:03 UTC',
      ),
    ].join('\n');
  const absentInstall = absent('dnf-automatic-install.timer');
  const plainTimer = unit('dnf-automatic.timer', on);

  test.each([
    [
      'the timer that installs',
      answer(unit('dnf-automatic-install.timer', on), absent('dnf-automatic.timer')),
      '',
      1,
    ],
    [
      'the timer and apply_updates = yes',
      answer(absentInstall, plainTimer),
      '[commands]\napply_updates = yes\n',
      1,
    ],
    [
      'the timer and apply_updates = no',
      answer(absentInstall, plainTimer),
      '[commands]\napply_updates = no\n',
      0,
    ],
    [
      'the timer and a commented line',
      answer(absentInstall, plainTimer),
      '[commands]\n# apply_updates = yes\n',
      0,
    ],
    [
      'the timer and the line in another section',
      answer(absentInstall, plainTimer),
      '[base]\napply_updates = yes\n',
      0,
    ],
    [
      'a timer that is enabled and does not run',
      answer(unit('dnf-automatic-install.timer', 'UnitFileState=enabled\nActiveState=inactive'), plainTimer),
      '',
      0,
    ],
    [
      'only the configuration',
      answer(absentInstall, absent('dnf-automatic.timer')),
      '[commands]\napply_updates = yes\n',
      0,
    ],
  ])('with %s', async (_, units, text, expected) => {
    const { automation, lastRun } = await collect({
      commands: { ...answers, [show]: units },
      files: { ...files, ...conf(text) },
    });
    expect(automation).toBe(expected);
    expect(lastRun).toBe(utc('2026-11-25T06:00:03Z'));
  });

  test('without systemd nothing is claimed', async () => {
    const stderr = "System has not been booted with systemd as init system (PID 1). Can't operate.";
    const { automation, reasons } = await collect({
      commands: { ...answers, [show]: { exitCode: 1, stderr } },
    });
    expect([automation, reasons]).toEqual([undefined, []]);
  });

  test('an answer of another kind is a problem', async () => {
    const { automation, reasons } = await collect({ commands: { ...answers, [show]: 'lorem ipsum\n' } });
    expect([automation, reasons]).toEqual([undefined, ['unexpected_output']]);
  });
});
