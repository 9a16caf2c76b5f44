import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { CollectorError, type Collection, type ToolOutput } from '../collector.ts';
import type { Evidence } from '../evidence.ts';
import { replay, type Replay } from '../replay.ts';
import { installedFormat } from './rpm/installed.ts';
import { outstandingAdvisories } from './rpm/outstanding.ts';
import { parseUpdateInfo } from './rpm/updateinfo.ts';
import { parseNevra } from './versions/rpm.ts';
import { zypper } from './zypper.ts';
import { deploymentsOf } from './zypper/history.ts';
import { parseNeedReboot } from './zypper/reboot.ts';
import { parseRepositories } from './zypper/repositories.ts';
import { readAnswer, readStream } from './zypper/stream.ts';
import { zypperFailure } from './zypper/tool.ts';
import { parsePatches, parseSearch, parseUpdates } from './zypper/updates.ts';

const shared = new URL('../../../shared/fixtures/sources/', import.meta.url);
const here = existsSync(new URL('zypper/', shared));
if (!here) console.warn('no ../shared here: the samples of zypper are not read');
const fixture = (name: string) => readFileSync(new URL(name, shared), 'utf8');
const sample = (name: string) => fixture(`zypper/${name}`);
const utc = (text: string) => Date.parse(text) / 1000;
const answer = (part: Partial<ToolOutput>): ToolOutput => ({ exitCode: 0, stdout: '', stderr: '', ...part });

/** Standard output of a command in the sample of openSUSE Leap 42.3. */
function leap(command: string): string {
  const text = sample('mql-leap42.3-list-updates.toml');
  const [, rest = ''] = text.split(`[commands."${command}"]\nstdout = """`);
  return rest.split('"""')[0] ?? '';
}

describe.skipIf(!here)('the samples of zypper', () => {
  test('list-patches.xml: three patches, of which the kernel wants a reboot and is interactive', () => {
    expect(parsePatches(sample('list-patches.xml'))).toEqual([
      {
        name: 'RHSA-2024:0310',
        edition: '1',
        category: 'security',
        severity: 'moderate',
        repository: 'upd',
        locked: false,
        reboot: false,
        interactive: false,
        since: 1_795_283_813,
        dated: utc('2024-01-22T09:11:30Z'),
        cves: ['CVE-2023-5363'],
      },
      {
        name: 'RHSA-2024:2394',
        edition: '3',
        category: 'security',
        severity: 'important',
        repository: 'upd',
        locked: false,
        reboot: true,
        interactive: true,
        since: 1_795_283_813,
        dated: 1_717_200_000,
        cves: ['CVE-2024-1086', 'CVE-2024-26609'],
      },
      expect.objectContaining({ name: 'RHBA-2024:1000', category: 'bugfix', severity: '', cves: [] }),
    ]);
  });

  test('the issue date of zypper is that of the last change: the advisory of the kernel was issued a month earlier', async () => {
    const { advisories } = await parseUpdateInfo(fixture('dnf/updateinfo-used.xml'));
    const patches = parsePatches(sample('list-patches.xml'));
    const dates = patches.map(({ name, dated }) => [
      name,
      (dated ?? 0) - (advisories.find(({ id }) => id === name)?.issued ?? 0),
    ]);
    expect(dates).toEqual([
      ['RHSA-2024:0310', 0],
      ['RHSA-2024:2394', 32 * 86_400],
      ['RHBA-2024:1000', 0],
    ]);
  });

  test('list-patches-after.xml: `zypper patch --category security` left the kernel', () => {
    const names = parsePatches(sample('list-patches-after.xml')).map(({ name }) => name);
    expect(names).toEqual(['RHSA-2024:2394', 'RHBA-2024:1000']);
  });

  test('patch-dry-run.xml and patch.txt say in a warning alone that a patch is left out, and are no failure', () => {
    const stdout = sample('patch-dry-run.xml');
    expect(zypperFailure('zypper patch', answer({ stdout }))).toBeUndefined();
    const warnings = readStream(stdout, 'zypper patch').messages.filter(({ type }) => type === 'warning');
    expect(warnings[0]).toEqual({
      type: 'warning',
      text: "Patch 'RHSA-2024:2394-3' is interactive, skipping.",
    });
    expect(sample('patch.txt')).toContain("Warning: Patch 'RHSA-2024:2394-3' is interactive, skipping.");
    expect(() => parsePatches(stdout)).toThrow('has no <update-status>');
    expect(() => parsePatches(sample('patch.txt'))).toThrow(CollectorError);
  });

  test('list-patches-cve.xml: CVEs by patch, and not a list of what is needed', () => {
    const text = sample('list-patches-cve.xml');
    const found: string[] = [];
    readAnswer(text, 'zypper list-patches', 'list-patches-byissue', {
      texts: new Set(),
      open: (_, { name, type, id }) => {
        if (name !== undefined) found.push(name);
        if (type === 'cve' && id !== undefined) found.push(id);
      },
      close: () => undefined,
    });
    expect(found).toEqual([
      'RHSA-2024:0310',
      'CVE-2023-5363',
      'RHSA-2024:2394',
      'CVE-2024-1086',
      'CVE-2024-26609',
    ]);
    expect(() => parsePatches(text)).toThrow('has no <update-status>');
  });

  test('list-updates.xml: four packages', () => {
    expect(parseUpdates(sample('list-updates.xml'))).toEqual([
      { name: 'curl', evr: '7.76.1-29.el9', arch: 'noarch', repository: 'upd' },
      { name: 'kernel-core', evr: '5.14.0-427.el9', arch: 'noarch', repository: 'upd' },
      { name: 'openssl-libs', evr: '3.0.7-25.el9_3', arch: 'noarch', repository: 'upd' },
      { name: 'vim-minimal', evr: '8.2.2637-21.el9', arch: 'noarch', repository: 'upd' },
    ]);
    expect(parsePatches(sample('list-updates.xml'))).toEqual([]);
  });

  test('list-patches.txt and patch-check.xml count what list-patches.xml lists; neither is an answer to what is asked', () => {
    const patches = parsePatches(sample('list-patches.xml'));
    const security = patches.filter(({ category }) => category === 'security');
    const told = `${patches.length} patches needed (${security.length} security patches)`;
    expect(sample('list-patches.txt')).toContain(told);
    const { messages } = readStream(sample('patch-check.xml'), 'zypper patch-check');
    expect(messages.at(-1)).toEqual({ type: 'info', text: told });
    expect(() => parsePatches(sample('list-patches.txt'))).toThrow('is damaged or something else');
    expect(() => parsePatches(sample('patch-check.xml'))).toThrow('has no <update-status>');
  });

  test('list-patches-two-advisories-same-pkg.txt: both advisories of openssl are needed, and so we find', async () => {
    const told = [...sample('list-patches-two-advisories-same-pkg.txt').matchAll(/^upd +\| (\S+)/gm)];
    const { advisories } = await parseUpdateInfo(fixture('dnf/updateinfo-used.xml'));
    const installed = parseNevra('openssl-libs-3.0.7-24.el9.noarch');
    const found = outstandingAdvisories(installed === undefined ? [] : [installed], advisories);
    expect(found.map(({ advisory }) => advisory.id)).toEqual(told.map(([, id]) => id));
    expect(told.length).toBe(2);
  });

  test('ref-repo-down.xml: three errors, and metadata that are missing', () => {
    const stdout = sample('ref-repo-down.xml');
    const { messages } = readStream(stdout, 'zypper refresh');
    expect(messages.map(({ type }) => type)).toEqual(['error', 'error', 'error']);
    expect(zypperFailure('zypper refresh', answer({ exitCode: 4, stdout }))).toMatchObject({
      reason: 'metadata_missing',
      message: expect.stringMatching(/^zypper refresh exited with 4: Problem retrieving files from 'upd'/),
    });
    expect(zypperFailure('zypper list-updates', answer({ exitCode: 0, stdout }))).toBeDefined();
  });

  test('history: two deployments, the second of `zypper patch`; nothing of the dry run', () => {
    const deployments = deploymentsOf([sample('history')], false, 'UTC');
    expect(deployments.map(({ started, outcome, actor }) => [started, outcome, actor])).toEqual([
      [utc('2026-11-21T17:56:53Z'), 'success', 'root'],
      [utc('2026-11-21T17:56:54Z'), 'success', 'root'],
    ]);
    expect(deployments[0]?.packages.map(({ name }) => name)).toEqual([
      'curl.noarch',
      'kernel-core.noarch',
      'openssl-libs.noarch',
      'vim-minimal.noarch',
    ]);
    expect(deployments[1]).toMatchObject({
      ended: utc('2026-11-21T17:56:55Z'),
      command: expect.stringContaining("'patch' '--category' 'security'"),
      packages: [{ name: 'openssl-libs.noarch', from: '3.0.7-24.el9', to: '3.0.7-25.el9_3' }],
    });
    expect(sample('history')).not.toContain('dry-run');
  });

  test('needs-rebooting.txt and ps-s.txt: "probably not" and "install lsof first" are no answers', () => {
    expect(sample('needs-rebooting.txt')).toContain('Reboot is probably not necessary.');
    expect(sample('ps-s.txt')).toBe("Check failed:\nPlease install package 'lsof' first.\n");
    for (const name of ['needs-rebooting.txt', 'ps-s.txt'])
      expect(zypperFailure('zypper ps', answer({ exitCode: 1, stdout: sample(name) }))).toMatchObject({
        reason: 'tool_failed',
      });
  });

  test('openSUSE Leap 42.3: 22 packages', () => {
    const updates = parseUpdates(leap('zypper --xmlout list-updates'));
    expect(updates.length).toBe(22);
    expect(updates[2]).toEqual({
      name: 'glibc',
      evr: '2.22-19.1',
      arch: 'x86_64',
      repository: 'OSS Update',
    });
    expect(new Set(updates.map(({ name }) => name)).size).toBe(22);
  });

  test('openSUSE Leap 42.3: 19 patches wait, though its list has one and the others are called blocked', () => {
    const text = leap('zypper --xmlout list-updates -t patch');
    expect(text.split('<blocked-update-list>')[0]?.match(/<update /g)?.length).toBe(1);
    const patches = parsePatches(text);
    const byKind = Object.entries(
      Object.groupBy(patches, ({ category, severity }) => `${category} ${severity}`),
    ).map(([kind, ones]) => [kind, ones?.length]);
    expect(Object.fromEntries(byKind)).toEqual({
      'recommended moderate': 5,
      'security moderate': 7,
      'recommended low': 1,
      'recommended important': 2,
      'security important': 4,
    });
    expect(patches[0]).toMatchObject({
      name: 'openSUSE-2018-397',
      repository: 'OSS Update',
      since: undefined,
    });
    expect(parseUpdates(text)).toEqual([]);
  });
});

const stream = (content: string) => `<?xml version='1.0'?>\n<stream>\n${content}\n</stream>\n`;
const list = (content: string) =>
  stream(`<update-status version="0.6">\n<update-list>\n${content}\n</update-list>\n</update-status>`);
const said = (type: string, text: string) => `<message type="${type}">${text}</message>`;

describe('an answer of zypper', () => {
  test('with text of plugins between its elements is read', () => {
    const text = list('noise <update kind="package" name="a" edition="1:2-3" arch="x86_64"/> more noise');
    expect(parseUpdates(text)).toEqual([{ name: 'a', evr: '1:2-3', arch: 'x86_64', repository: '' }]);
  });

  test('in German is read as well, because only its elements count', () => {
    const text = list(
      `${said('info', 'Repository-Daten werden geladen …')}<update kind="package" name="a" edition="2-3" arch="noarch"><summary>Übersicht</summary></update>`,
    );
    expect(parseUpdates(text).length).toBe(1);
  });

  test('with an epoch of 0 names the version without it', () => {
    expect(
      parseUpdates(list('<update kind="package" name="a" edition="0:2-3" arch="noarch"/>'))[0]?.evr,
    ).toBe('2-3');
  });

  test.each([
    ['cut off within', list('<update kind="package" name="a" edition="2" arch="noarch"/>').slice(0, -20)],
    ['cut off before the end', stream('').slice(0, 30)],
    ['empty', ''],
    ['a table of text', 'S | Repository | Name\n--+---\nv | upd | a\n'],
    ['in UTF-16', Buffer.from(list(''), 'utf16le').toString('latin1')],
    ['without a list', stream(said('info', 'Loading repository data...'))],
    ['another XML', '<?xml version="1.0"?><html></html>'],
    ['an update without a version', list('<update kind="package" name="a" arch="noarch"/>')],
  ])('that is %s is unexpected, not an empty list', (_, text) => {
    const reasonOf = (parse: () => unknown) => {
      try {
        return parse();
      } catch (error) {
        return error instanceof CollectorError ? error.reason : error;
      }
    };
    expect(reasonOf(() => parseUpdates(text))).toBe('unexpected_output');
    expect(reasonOf(() => parsePatches(text.replaceAll('package', 'patch')))).toBe('unexpected_output');
    expect(zypperFailure('zypper x', answer({ exitCode: 8, stdout: text }))?.reason).toBe('tool_failed');
  });

  test('names patches that are locked, and leaves out what is not needed', () => {
    const patch = (name: string, status: string) =>
      `<update kind="patch" name="${name}" edition="1" arch="noarch" status="${status}" category="security"/>`;
    const text = list(
      ['needed', 'unwanted', 'optional', 'applied', 'not-needed', 'undetermined', 'retracted']
        .map((status) => patch(status, status))
        .join(''),
    );
    expect(parsePatches(text).map(({ name, locked }) => [name, locked])).toEqual([
      ['needed', false],
      ['unwanted', true],
      ['optional', false],
    ]);
  });

  test.each([
    [0, said('error', 'Skipping repository &apos;a&apos; because of the above error.'), 'metadata_missing'],
    [0, said('error', 'Something else'), 'tool_failed'],
    [
      0,
      said('warning', 'Cannot read repo file &apos;/etc/zypp/repos.d/a.repo&apos;: Permission denied'),
      'permission_denied',
    ],
    [
      0,
      said(
        'warning',
        'Repository &apos;a&apos; appears to be outdated. Consider using a different mirror or server.',
      ),
      'metadata_stale',
    ],
    [6, said('warning', 'No repositories defined.'), 'metadata_missing'],
    [5, said('error', 'Root privileges are required to run this command.'), 'permission_denied'],
    [
      7,
      said('error', 'System management is locked by the application with pid 1 (zypper).'),
      'repository_locked',
    ],
    [106, '', 'metadata_missing'],
    [4, said('error', 'Failed to initialize the target'), 'tool_failed'],
    [139, '', 'tool_failed'],
  ])('that ends with %i and %s is %s', (exitCode, content, reason) => {
    expect(zypperFailure('zypper x', answer({ exitCode, stdout: stream(content) }))?.reason).toBe(reason);
  });

  test('that only informs and warns of other things is believed', () => {
    const content = said('warning', 'The flag --non-interactive can only be used once.') + said('info', 'x');
    expect(zypperFailure('zypper x', answer({ stdout: stream(content) }))).toBeUndefined();
  });

  test('does not bring a password into a message', () => {
    const content = said('error', 'Problem with https://user:secret@host/repo');
    const failure = zypperFailure('zypper x', answer({ exitCode: 4, stdout: stream(content) }));
    expect(failure?.message).toContain('https://host/repo');
  });

  test('about repositories has all of them, also those that are off', () => {
    const text = stream(
      '<repo-list><repo alias="a" name="A" type="rpm-md" enabled="1"><url>http://x/a</url><url>http://y/a</url></repo><repo alias="b" enabled="0"><url>http://x/b</url></repo></repo-list>',
    );
    expect(parseRepositories(text)).toEqual([
      { alias: 'a', name: 'A', type: 'rpm-md', enabled: true, urls: ['http://x/a', 'http://y/a'] },
      { alias: 'b', name: 'b', type: '', enabled: false, urls: ['http://x/b'] },
    ]);
    expect(() => parseRepositories(list(''))).toThrow('has no <repo-list>');
  });

  test('to a search names repositories', () => {
    const text = stream(
      '<search-result version="0.0"><solvable-list><solvable status="installed" name="glibc" kind="package" repository="Main"/><solvable name="glibc" repository="Update"/></solvable-list></search-result>',
    );
    expect(parseSearch(text)).toEqual(new Set(['Main', 'Update']));
  });
});

const command = (time: string, line = "'zypper' 'up'") => `2026-11-21 ${time}|command|root@vm|${line}|`;
const install = (time: string, name: string, version = '1-1') =>
  `2026-11-21 ${time}|install|${name}|${version}|noarch|root@vm|upd|abc|`;
const read = (lines: readonly string[], running = false) =>
  deploymentsOf([`${lines.join('\n')}\n`], running, 'UTC');

describe('the history of zypper', () => {
  test('has local times: the same line is another moment in another zone', () => {
    const text = `${command('12:00:00')}\n${install('12:00:01', 'a')}\n`;
    const started = (zone: string) => deploymentsOf([text], false, zone)[0]?.started;
    expect(started('UTC')).toBe(utc('2026-11-21T12:00:00Z'));
    expect(started('Europe/Madrid')).toBe(utc('2026-11-21T11:00:00Z'));
    expect(started('America/New_York')).toBe(utc('2026-11-21T17:00:00Z'));
  });

  test('in one transaction of rpm puts a failure after the line of a package and names it without its version', () => {
    const [deployment, ...more] = read([
      command('12:00:00'),
      install('12:00:01', 'a'),
      '# 2026-11-21 12:00:01 a installed ok',
      '# 2026-11-21 12:00:02 b install failed',
      '# rpm output:',
      '# error: unpacking of archive failed',
      '# ',
    ]);
    expect(more).toEqual([]);
    expect(deployment).toMatchObject({
      outcome: 'partial',
      packages: [
        { name: 'a.noarch', to: '1-1' },
        { name: 'b', failed: true },
      ],
    });
  });

  test.each([
    ['# warning: %post(a-1-1.noarch) scriptlet failed, exit status 1'],
    ['# warning: %postun(a-1-1.x86_64) scriptlet failed, signal 9'],
    ['# error: lua script failed: [string "%post(a-1-1.noarch)"]:1: boom'],
    ['# 2026-11-21 12:00:02 Failed to execute postin script for a '],
    ['# Commit was aborted.'],
    ['# 2026-11-21 12:00:02 b-2-1.noarch remove failed'],
    ['# 2026-11-21 12:00:02 b uninstall failed'],
  ])('%s makes a deployment partial, though packages were installed', (line) => {
    expect(read([command('12:00:00'), install('12:00:01', 'a'), line])[0]?.outcome).toBe('partial');
  });

  test('with warnings of rpm alone is a success', () => {
    const noise = '# warning: /etc/x created as /etc/x.rpmnew';
    expect(read([command('12:00:00'), install('12:00:01', 'a'), noise])[0]?.outcome).toBe('success');
  });

  test('that was aborted before anything is a failure', () => {
    expect(read([command('12:00:00'), '# Commit was aborted.'])[0]).toMatchObject({
      outcome: 'failure',
      packages: [],
    });
  });

  test('has commands that changed no package: they are no deployments', () => {
    const lines = [command('12:00:00'), '2026-11-21 12:00:01|radd   |upd|http://x|', command('12:01:00')];
    expect(read(lines)).toEqual([]);
  });

  test('of a run under way is left out', () => {
    const lines = [
      command('12:00:00'),
      install('12:00:01', 'a'),
      command('13:00:00'),
      install('13:00:01', 'b'),
    ];
    expect(read(lines, true).map(({ packages }) => packages[0]?.name)).toEqual(['a.noarch']);
    expect(read(lines).length).toBe(2);
  });

  test('of versions before it wrote down commands is grouped by time', () => {
    const lines = [
      install('12:00:00', 'a'),
      install('12:04:00', 'b'),
      '2026-11-21 12:08:00|remove |c|1-1|noarch|root@vm|',
      install('13:00:00', 'd'),
    ];
    expect(read(lines).map(({ packages, command: line }) => [packages.length, line])).toEqual([
      [3, undefined],
      [1, undefined],
    ]);
  });

  test('keeps bars and backslashes of a command line, and no passwords', () => {
    const line = String.raw`'zypper' 'in' 'a\|b' 'c\\' 'https://u:p@h/x.rpm' '--token=abc'`;
    const [deployment] = read([command('12:00:00', line), install('12:00:01', 'a')]);
    expect(deployment?.command).toBe(String.raw`'zypper' 'in' 'a|b' 'c\' 'https://h/x.rpm' '--token=...`);
  });

  test('in rotated files tells the version before', () => {
    const texts = [
      `${command('12:00:00')}\n${install('12:00:01', 'a', '1-1')}\n`,
      `${command('13:00:00')}\n${install('13:00:01', 'a', '2-1')}\n`,
    ];
    expect(deploymentsOf(texts, false, 'UTC').map(({ packages }) => packages[0])).toEqual([
      { name: 'a.noarch', to: '1-1' },
      { name: 'a.noarch', from: '1-1', to: '2-1' },
    ]);
  });

  test.each([
    ['something else', 'Nov 21 12:00:00 host zypper[1]: installed a\n'],
    ['dates of no calendar', '2026-13-45 12:00:00|install|a|1|noarch||upd||\n'],
    ['in UTF-16', Buffer.from(install('12:00:00', 'a'), 'utf16le').toString('latin1')],
    ['comments alone', '# nothing\n'],
  ])('that is %s is unexpected', (_, text) => {
    expect(() => deploymentsOf([text], false, 'UTC')).toThrow('no line of it is known');
  });

  test('of 200 000 lines is read in a moment, and so is one line of 4 MiB', () => {
    const lines = Array.from({ length: 100_000 }, () => [
      command('12:00:00'),
      install('12:00:01', 'a'),
    ]).flat();
    expect(read(lines).length).toBe(100_000);
    expect(() => read(['x'.repeat(4 * 1024 * 1024)])).toThrow(CollectorError);
    expect(read([command('12:00:00', 'x'.repeat(4 * 1024 * 1024)), install('12:00:01', 'a')]).length).toBe(1);
  });
});

test('needreboot names packages and capabilities, one per line', () => {
  expect(parseNeedReboot('## comment\nprovides:kernel\n\n  glibc \n#dbus\ndbus-1\n')).toEqual({
    names: ['glibc', 'dbus-1'],
    capabilities: ['kernel'],
  });
});

const raw = '/var/cache/zypp/raw';
const now = utc('2026-11-25T12:00:00Z');
const rpmQuery = `rpm -qa --queryformat ${installedFormat}`;
const providesQuery = String.raw`rpm -q --queryformat %{NAME}\n --whatprovides installhint(reboot-needed)`;
const ask = 'zypper --non-interactive --no-refresh --xmlout';
const systemctl = `systemctl show --no-pager --property=Id,LoadState,UnitFileState,ActiveState,Result,ExecMainExitTimestamp -- os-update.timer transactional-update.timer zypper-automatic.timer os-update.service transactional-update.service zypper-automatic.service`;
const unit = (id: string, state: string, more = '') =>
  `Id=${id}\nLoadState=loaded\nUnitFileState=${state}\nActiveState=active\nResult=success\nExecMainExitTimestamp=\n${more}`;

const repos = stream(
  '<repo-list><repo alias="upd" name="upd" type="rpm-md" enabled="1"><url>http://x/</url></repo></repo-list>',
);
const repomd = `<?xml version="1.0"?><repomd><revision>${now - 86_400}</revision><data type="updateinfo"><location href="repodata/1-updateinfo.xml.gz"/></data></repomd>`;
const info = `<?xml version="1.0"?><updates><update status="stable" type="security"><id>S-1</id><severity>important</severity><issued date="1700000000"/><updated date="1795000000"/><pkglist><collection><package name="a" version="2" release="1" epoch="0" arch="noarch"><reboot_suggested>1</reboot_suggested></package></collection></pkglist></update></updates>`;
const update = list(
  '<update kind="package" name="a" edition="2-1" arch="noarch"><source alias="upd"/></update>',
);
const patch = list(
  '<update kind="patch" name="S-1" edition="1" arch="noarch" status="needed" category="security" severity="important"/>',
);

/** A host with one package that has a security update, and whatever else is told. */
function world(change: Partial<Replay> = {}): Replay {
  return {
    now,
    ...change,
    commands: {
      [`${ask} repos`]: repos,
      [`${ask} list-patches`]: patch,
      [`${ask} list-updates`]: update,
      [`${ask} list-updates --all`]: update,
      [`${ask} search --details --match-exact --type package glibc rpm systemd kernel-default`]: {
        exitCode: 104,
        stdout: stream(said('info', 'No matching items found.')),
      },
      [rpmQuery]: 'a\t0\t1\t1\tnoarch\nb\t0\t1\t1\tnoarch\n',
      [providesQuery]: { exitCode: 1, stdout: 'no package provides installhint(reboot-needed)\n' },
      ...change.commands,
    },
    files: {
      [`${raw}/upd/repodata/repomd.xml`]: repomd,
      [`${raw}/upd/repodata/1-updateinfo.xml.gz`]: info,
      ...change.files,
    },
  };
}
const collect = (change?: Partial<Replay>) => zypper.collect(replay(world(change)), {});
const series = ({ samples }: Collection, part: string) =>
  samples
    .filter(({ name, value }) => name.includes(part) && value > 0)
    .map(
      ({ name, labels, value }) =>
        `${name.replace('maintenance_', '')}{${Object.values(labels).slice(1).join(',')}} ${value}`,
    );
const reasonsOf = ({ problems }: Collection) => problems.map(({ reason }) => reason);

describe('a host with zypper', () => {
  test('tells what is pending, since when, and that its metadata are complete', async () => {
    const collection = await collect();
    expect(collection.problems).toEqual([]);
    expect(series(collection, 'patch')).toEqual([
      `patch_metadata_timestamp_seconds{upd} ${now - 86_400}`,
      'patch_metadata_complete{} 1',
      'patches_pending{security,important} 1',
      'patch_oldest_pending_timestamp_seconds{security,important,released} 1700000000',
    ]);
  });

  const error = (reason: 'tool_missing' | 'permission_denied' | 'timeout' | 'output_too_large') =>
    new CollectorError(reason, `played: ${reason}`);
  const commands = [
    `${ask} repos`,
    `${ask} list-patches`,
    `${ask} list-updates`,
    `${ask} list-updates --all`,
    rpmQuery,
    providesQuery,
  ];
  const failures = ['tool_missing', 'permission_denied', 'timeout', 'output_too_large'] as const;
  test.each(commands.flatMap((line) => failures.map((reason) => [line, reason] as const)))(
    'of which %s fails (%s) claims nothing pending',
    async (line, reason) => {
      const collection = await collect({ commands: { [line]: error(reason) } });
      expect(series(collection, 'patches_')).toEqual([]);
      expect(collection.samples.some(({ name }) => name.startsWith('maintenance_patches_'))).toBe(false);
      expect(reasonsOf(collection)).toEqual([reason]);
    },
  );

  test('whose package database prints nothing, with success, is unknown and not up to date', async () => {
    const collection = await collect({ commands: { [rpmQuery]: '' } });
    expect(collection.samples.some(({ name }) => name.startsWith('maintenance_patches_'))).toBe(false);
    expect(reasonsOf(collection)).toEqual(['source_missing']);
  });

  test('that may not read the cache says so and does not call it incomplete', async () => {
    const denied = new CollectorError('permission_denied', 'played');
    const collection = await collect({ files: { [`${raw}/upd/repodata/repomd.xml`]: denied } });
    expect(collection.samples).toEqual([]);
    expect(reasonsOf(collection)).toEqual(['permission_denied']);
  });

  test('whose repository lies in the future has a problem and no date', async () => {
    const future = repomd.replace(String(now - 86_400), String(now + 86_400));
    const collection = await collect({ files: { [`${raw}/upd/repodata/repomd.xml`]: future } });
    expect(series(collection, 'metadata_timestamp')).toEqual([]);
    expect(reasonsOf(collection)).toEqual(['unexpected_output']);
  });

  test('with a medium that never changes is not told that nobody checked it', async () => {
    const modified = { [`${raw}/upd/repodata/repomd.xml`]: now - 100 * 86_400 };
    expect(reasonsOf(await collect({ modified }))).toEqual(['metadata_stale']);
    const medium = repos.replace('http://x/', 'dvd:///?devices=/dev/sr0');
    expect(reasonsOf(await collect({ modified, commands: { [`${ask} repos`]: medium } }))).toEqual([]);
  });

  test('keeps its cache and its history where zypp.conf says', async () => {
    const { problems, samples } = await collect({
      files: {
        '/etc/zypp/zypp.conf': '[main]\ncachedir = /srv/zypp\nhistory.logfile = /srv/history\n',
        '/srv/zypp/raw/upd/repodata/repomd.xml': repomd,
        '/srv/zypp/raw/upd/repodata/1-updateinfo.xml.gz': info,
        [`${raw}/upd/repodata/repomd.xml`]: '',
        '/srv/history': `${command('12:00:00')}\n${install('12:00:01', 'b')}\n`,
      },
    });
    expect(problems).toEqual([]);
    expect(series({ samples, problems }, 'deployments_total')).toEqual([
      'patch_deployments_total{success} 1',
    ]);
  });
});

describe('a deployment on a host with zypper', () => {
  const booted = Date.parse('2026-11-20T00:00:00Z') / 1000;
  const outcomes = async (name: string, change: Partial<Replay> = {}) => {
    const evidence: Evidence[] = [];
    const collection = await collect({
      evidence,
      ...change,
      files: {
        '/proc/stat': `btime ${booted}\n`,
        '/var/log/zypp/history': `${command('12:00:00')}\n${install('12:00:01', name, '2-1')}\n`,
        ...change.files,
      },
    });
    const deployments = evidence.filter(({ kind }) => kind === 'patch_deployment');
    return [reasonsOf(collection), deployments.map(({ outcome }) => outcome)];
  };

  test('waits for a reboot where /etc/zypp/needreboot, a capability or its advisory says so, and is a success otherwise', async () => {
    expect(await outcomes('b')).toEqual([[], ['success']]);
    expect(await outcomes('b', { files: { '/etc/zypp/needreboot': 'b\n' } })).toEqual([
      [],
      ['pending_reboot'],
    ]);
    expect(
      await outcomes('b', {
        files: { '/etc/zypp/needreboot.d/more': 'provides:kernel\n' },
        commands: { [`${providesQuery} kernel`]: { exitCode: 1, stdout: 'no package provides x(y)\nb\n' } },
      }),
    ).toEqual([[], ['pending_reboot']]);
    const done = 'a\t0\t2\t1\tnoarch\n';
    const none = list('');
    expect(
      await outcomes('a', {
        commands: {
          [rpmQuery]: done,
          [`${ask} list-patches`]: none,
          [`${ask} list-updates`]: none,
          [`${ask} list-updates --all`]: none,
        },
      }),
    ).toEqual([[], ['pending_reboot']]);
  });

  test('is told also while the updates are not known', async () => {
    const locked = { exitCode: 7, stdout: stream(said('error', 'System management is locked')) };
    expect(await outcomes('b', { commands: { [`${ask} repos`]: locked } })).toEqual([
      ['repository_locked'],
      ['success'],
    ]);
  });

  test('is looked for in the three newest rotated files too', async () => {
    const at = (day: number) =>
      `2026-11-0${day} 12:00:00|command|root@vm|'zypper' 'up'|\n2026-11-0${day} 12:00:01|install|b|${day}-1|noarch||upd|x|\n`;
    const files = Object.fromEntries(
      [1, 2, 3, 4].map((day) => [`/var/log/zypp/history-2026110${day}.xz`, at(day)]),
    );
    expect((await outcomes('b', { files }))[1]?.length).toBe(4);
  });

  test('of a log that is missing is not counted as 0', async () => {
    const collection = await collect();
    expect(collection.samples.some(({ name }) => name.includes('deployment'))).toBe(false);
    expect(collection.problems).toEqual([]);
  });
});

describe('automatic updates', () => {
  const enabled = async (change: Partial<Replay>) => {
    const { samples, problems } = await collect(change);
    expect(problems).toEqual([]);
    return samples.find(({ name }) => name === 'maintenance_patch_automation_enabled')?.value;
  };

  test('are on with a timer that is enabled and runs, or a job of YaST', async () => {
    expect(await enabled({})).toBeUndefined();
    expect(await enabled({ commands: { [systemctl]: unit('os-update.timer', 'disabled') } })).toBe(0);
    for (const name of ['os-update', 'transactional-update'])
      expect(await enabled({ commands: { [systemctl]: unit(`${name}.timer`, 'enabled') } })).toBe(1);
    expect(await enabled({ files: { '/etc/cron.weekly/opensuse.org-online_update': 'x' } })).toBe(1);
  });

  test('last ran when their service last ended well', async () => {
    const service = unit('os-update.service', 'static').replace(
      'ExecMainExitTimestamp=',
      'ExecMainExitTimestamp=Wed 2026-11-25 06:00:03 UTC',
    );
    const text = `${unit('os-update.timer', 'enabled')}\n${service}`;
    const last = async (answered: string) =>
      series(await collect({ commands: { [systemctl]: answered } }), 'automation_last_run');
    expect(await last(text)).toEqual([
      `patch_automation_last_run_timestamp_seconds{} ${utc('2026-11-25T06:00:03Z')}`,
    ]);
    expect(await last(text.replaceAll('Result=success', 'Result=exit-code'))).toEqual([]);
  });
});

test('init writes the collector only where repositories are configured', async () => {
  expect(await zypper.detect(replay({}))).toBeUndefined();
  expect(await zypper.detect(replay({ files: { '/etc/zypp/zypp.conf': '' } }))).toBeUndefined();
  expect(await zypper.detect(replay({ files: { '/etc/zypp/repos.d/oss.repo': '' } }))).toEqual({});
});
