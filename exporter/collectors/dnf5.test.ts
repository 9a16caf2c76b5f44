import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, describe, expect, test } from 'vitest';
import { CollectorError } from '../collector.ts';
import type { Sample } from '../metrics.ts';
import { localHost } from '../host.ts';
import { replay, type Replay } from '../replay.ts';
import { dnf5 } from './dnf5.ts';
import { parseAdvisoryInfo, parseAdvisoryList } from './dnf5/advisories.ts';
import { readHistory } from './dnf5/history.ts';
import { allowed, parseLocks } from './dnf5/locks.ts';
import { parseCheckUpgrade } from './dnf5/upgrades.ts';
import { patchClassOf, severityOf } from './rpm/classes.ts';
import { rebootNeeded } from './rpm/reboot.ts';

const shared = new URL('../../../shared/fixtures/sources/dnf5/', import.meta.url);
const here = existsSync(shared);
if (!here) console.warn('no ../shared here: the samples of dnf5 are not read');
const fixture = (name: string) => readFileSync(new URL(name, shared), 'utf8');
const scratch = mkdtempSync(join(tmpdir(), 'maintenance-dnf5-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** Id, class, severity and packages of what was told. */
const facts = ({ advisories }: ReturnType<typeof parseAdvisoryList>) =>
  advisories.map(({ id, type, severity, packages }) => [
    id,
    patchClassOf(type),
    severityOf(severity),
    packages.map(({ name, evr, arch }) => `${name} ${evr} ${arch}`).join(', '),
  ]);

describe.skipIf(!here)('the samples of dnf5', () => {
  test('a list: an enhancement is no security update, and severity none is unknown', () => {
    const told = parseAdvisoryList(fixture('advisory-01-listing-available-updates-in-json-format.json'));
    expect(told.unusable).toBe(0);
    expect(facts(told)).toEqual([
      ['FEDORA-2999:002-02', 'standard', 'moderate', 'flac 1.3.3-8.fc29 x86_64'],
      ['FEDORA-2018-318f184000', 'standard', 'unknown', 'glibc 2.28-26.fc29 x86_64'],
    ]);
  });

  test('a list with references has other names for the same facts, and says bugfix for a severity', () => {
    const told = parseAdvisoryList(
      fixture('advisory-02-listing-available-updates-referencing-bugizilla-in-json-form.json'),
    );
    expect(told.unusable).toBe(0);
    expect(facts(told)).toEqual([
      ['FEDORA-2018-318f184000', 'standard', 'unknown', 'glibc 2.28-26.fc29 x86_64'],
    ]);
    expect(told.advisories[0]?.cves).toEqual([]);
  });

  test.each([
    'advisory-03-listing-updates-in-json-format-when-there-s-nothing-to-repor.json',
    'advisory-07-info-about-updates-in-json-format-when-there-s-nothing-to-re.json',
  ])('%s is an answer: there is none', (name) => {
    expect(parseAdvisoryList(fixture(name))).toEqual({ advisories: [], unusable: 0 });
    expect(parseAdvisoryInfo(fixture(name))).toEqual({ advisories: [], unusable: 0 });
  });

  test('a type of a vendor’s own is not security, and a severity of its own is unknown', () => {
    const told = parseAdvisoryList(
      fixture('advisory-04-listing-updates-in-json-format-with-custom-type-and-severity.json'),
    );
    expect(facts(told)).toEqual([
      ['FEDORA-2019-57b5902ed1', 'security', 'critical', 'labirinto 1.56.2-6.fc30 x86_64'],
      ['FEDORA-2022-2222222222', 'standard', 'unknown', 'labirinto 1.56.2-6.fc30 x86_64'],
      ['FEDORA-2022-2222222223', 'security', 'unknown', 'labirinto 1.56.2-6.fc30 x86_64'],
      ['FEDORA-2022-2222222224', 'standard', 'critical', 'labirinto 1.56.2-6.fc30 x86_64'],
      ['FEDORA-2019-f4eb34cf4c', 'security', 'moderate', 'labirinto 1.56.2-1.fc30 x86_64'],
    ]);
  });

  test('details: CVEs by id and title; the date they call Issued is not taken, for it may be that of a later change', () => {
    const text = fixture('advisory-05-info-about-available-updates-in-json-format.json');
    expect(text).toContain('"Issued": 1547683200');
    const told = parseAdvisoryInfo(text);
    expect(told.unusable).toBe(0);
    expect(facts(told)).toEqual([
      ['FEDORA-2018-318f184000', 'standard', 'unknown', 'glibc 2.28-26.fc29 x86_64'],
      ['FEDORA-2999:002-02', 'standard', 'moderate', 'flac 1.3.3-8.fc29 x86_64'],
    ]);
    expect(told.advisories.map(({ issued }) => issued)).toEqual([undefined, undefined]);
    // CVE-2999 is a number in the sample that no CVE has: the second part is missing.
    expect(told.advisories[0]?.cves).toEqual([]);
  });

  test('details with packages of several architectures and their sources', () => {
    const told = parseAdvisoryInfo(
      fixture('advisory-08-info-about-updates-in-json-format-with-custom-type-and-sever.json'),
    );
    expect(told.unusable).toBe(0);
    expect(
      told.advisories.map(({ id, type, severity }) => [id, patchClassOf(type), severityOf(severity)]),
    ).toEqual([
      ['FEDORA-2019-f4eb34cf4c', 'security', 'moderate'],
      ['FEDORA-2019-57b5902ed1', 'security', 'critical'],
      ['FEDORA-2022-2222222222', 'standard', 'unknown'],
      ['FEDORA-2022-2222222223', 'security', 'unknown'],
      ['FEDORA-2022-2222222224', 'standard', 'critical'],
    ]);
    expect(told.advisories[0]?.packages.map(({ arch, evr }) => `${evr}.${arch}`)).toEqual([
      '1.56.2-1.fc30.i686',
      '1.56.2-1.fc30.x86_64',
      '1.56.2-1.fc30.src',
    ]);
  });

  test('check-upgrade: two upgrades; what obsoletes a package is not one more', () => {
    expect(parseCheckUpgrade(fixture('check-upgrade.json'))).toEqual([
      { name: 'glibc', arch: 'x86_64', evr: '2.28-26.fc29' },
      { name: 'glibc-common', arch: 'x86_64', evr: '2.28-26.fc29' },
    ]);
  });

  test('needs-restarting names packages that take effect only with a reboot here, too', () => {
    const text = fixture('needs-restarting.json');
    const packages = /"packages": \[([^\]]+)\]/.exec(text)?.[1]?.match(/\w+/g) ?? [];
    expect(text).toContain('"reboot_required": true');
    expect([...packages]).toEqual(['glibc', 'kernel']);
    expect(packages.map((name) => rebootNeeded([], [])(name))).toEqual([true, true]);
  });
});

describe('answers of dnf5 that are something else', () => {
  test.each(['', 'Updating and loading repositories:\n', '{"a":1}', '[{"name":"FEDORA', 'null'])(
    '%j is no list of advisories',
    (text) => {
      expect(() => parseAdvisoryList(text)).toThrow(/printed no array/);
      expect(() => parseAdvisoryInfo(text)).toThrow(/printed no array/);
    },
  );

  test('entries that lack something needed are counted, not taken', () => {
    const good = { name: 'A', type: 'security', severity: 'Low', nevra: 'a-1-1.x86_64', buildtime: 1 };
    const text = JSON.stringify([
      good,
      { ...good, name: '' },
      { ...good, nevra: 'a' },
      { type: 'security' },
      7,
    ]);
    expect(parseAdvisoryList(text).advisories.length).toBe(1);
    expect(parseAdvisoryList(text).unusable).toBe(4);
    expect(parseAdvisoryInfo(JSON.stringify([{ Name: 'A' }])).unusable).toBe(1);
  });

  test.each([
    '[]',
    'Nothing to do',
    '{"upgrades":[{"name":"a"}]}',
    '{"upgrades":[{"name":"a","arch":"x","evr":"1"}]}',
  ])('%j is no check-upgrade', (text) =>
    expect(() => parseCheckUpgrade(text)).toThrow(/dnf5 check-upgrade --json printed/),
  );
});

describe('versionlock.toml', () => {
  const text = `version = "1.0"

# keep package bash
[[packages]]
name = "bash"               # name of the package
comment = "a description"
[[packages.conditions]]
key = "evr"
comparator = "="
value = "0:5.2.15-5.fc39"

[[packages]]
name = "*nvidia*"
[[packages.conditions]]
key = "evr"
comparator = ">="
value = "3:570"
[[packages.conditions]]
key = "evr"
comparator = "<"
value = "3:571"
`;
  const may = (name: string, evr: string, arch = 'x86_64') => allowed(parseLocks(text), { name, evr, arch });

  test('keeps a package on its version, by name or by pattern', () => {
    expect(may('bash', '5.2.15-5.fc39')).toBe(true);
    expect(may('bash', '5.2.26-1.fc39')).toBe(false);
    expect(may('bash-completion', '2.11-1')).toBe(true);
    expect(may('kmod-nvidia', '3:570.1-1')).toBe(true);
    expect(may('kmod-nvidia', '3:571.1-1')).toBe(false);
  });

  test('that is absent or has no packages locks nothing', () => {
    expect(parseLocks('')).toEqual([]);
    expect(parseLocks('version = "1.0"\n')).toEqual([]);
  });

  test.each(['packages = [ { name = "bash" } ]', '[[packages]]\nname = 5', '[[packages]]\ncomment = "x"'])(
    'written in another way (%j) is not understood',
    (other) => expect(() => parseLocks(other)).toThrow(/does not understand/),
  );
});

const command = (args: string) =>
  `dnf5 --cacheonly --quiet --setopt=cachedir=/var/cache/libdnf5 --setopt=*.skip_if_unavailable=0 ${args}`;
const format = 'offered %{name} %{epoch} %{version} %{release} %{arch} %{repoid}\\n';
const offeredCommand = command(`repoquery --upgrades --setopt=disable_excludes=* --queryformat=${format}`);
const coreCommand = command(
  `repoquery --available --setopt=disable_excludes=* --queryformat=${format} glibc rpm systemd kernel-core`,
);
const rpmCommand = 'rpm -qa --queryformat %{NAME}\\t%{EPOCHNUM}\\t%{VERSION}\\t%{RELEASE}\\t%{ARCH}\\n';
const cache = '/var/cache/libdnf5/updates-0123456789abcdef';
const updateInfo = `<updates><update type="security"><id>FEDORA-1</id><issued date="2026-01-02 03:04:05"/><updated date="2026-06-01 00:00:00"/><severity>Important</severity><pkglist><collection><package name="glibc" version="2.28" release="26.fc29" arch="x86_64"/></collection></pkglist></update></updates>`;
const unknownArgument = (argument: string, of: string) => ({
  exitCode: 2,
  stderr: `Unknown argument "${argument}" for command "${of}". Add "--help" for more information about the arguments.\n`,
});
const answers = {
  [command('repo list --enabled')]: 'repo id  repo name\nupdates  Fedora - Updates\n',
  [rpmCommand]: 'glibc\t0\t2.28\t9.fc29\tx86_64\nbash\t0\t5.2.15\t5.fc39\tx86_64\n',
  [coreCommand]: 'offered glibc 0 2.28 26.fc29 x86_64 updates\n',
  [offeredCommand]:
    'offered glibc 0 2.28 26.fc29 x86_64 updates\noffered bash 0 5.2.26 1.fc39 x86_64 updates\n',
  [command('check-upgrade --json')]: {
    exitCode: 100,
    stdout: JSON.stringify({
      upgrades: [
        { name: 'glibc', arch: 'x86_64', evr: '2.28-26.fc29', repository: 'updates' },
        { name: 'bash', arch: 'x86_64', evr: '5.2.26-1.fc39', repository: 'updates' },
      ],
    }),
  },
};
const files = {
  [`${cache}/repodata/repomd.xml`]:
    '<repomd><revision>1794000000</revision><data type="updateinfo"><location href="repodata/a-updateinfo.xml.gz"/></data></repomd>',
  [`${cache}/repodata/a-updateinfo.xml.gz`]: updateInfo,
};

async function collect(captured: Replay) {
  const { samples, problems } = await dnf5.collect(replay({ commands: answers, files, ...captured }), {});
  const about = (part: string) =>
    samples
      .filter(({ name }) => name.includes(part))
      .map(({ labels, value }: Sample) => `${Object.values(labels).slice(1).join(' ')} ${value}`);
  return {
    problems,
    reasons: problems.map(({ reason }) => reason),
    all: about('patches_pending'),
    pending: about('patches_pending').filter((line) => !line.endsWith(' 0')),
    held: about('patches_held').filter((line) => !line.endsWith(' 0')),
    oldest: about('oldest_pending'),
    complete: samples.find(({ name }) => name === 'maintenance_patch_metadata_complete')?.value,
    published: about('metadata_timestamp'),
  };
}

describe('dnf5, replayed', () => {
  test('pending by class and severity, as old as the advisory was issued, not as it was last changed', async () => {
    const { pending, oldest, reasons, complete, published } = await collect({});
    expect(reasons).toEqual([]);
    expect(complete).toBe(1);
    expect(published).toEqual(['updates 1794000000']);
    expect(pending).toEqual(['security important 1', 'standard unknown 1']);
    expect(oldest[0]).toBe(`security important released ${Date.parse('2026-01-02T03:04:05Z') / 1000}`);
  });

  test('an older dnf5 without check-upgrade --json is read as text', async () => {
    const { pending, reasons } = await collect({
      commands: {
        ...answers,
        [command('check-upgrade --json')]: unknownArgument('--json', 'check-upgrade'),
        [command('check-upgrade')]: {
          exitCode: 100,
          stdout:
            'bash.x86_64   5.2.26-1.fc39 updates\nglibc.x86_64  2.28-26.fc29  updates\nObsoleting packages\nglibc.x86_64  2.28-26.fc29  updates\n    glibc.x86_64 2.28-9.fc29 @System\n',
        },
      },
    });
    expect(reasons).toEqual([]);
    expect(pending).toEqual(['security important 1', 'standard unknown 1']);
  });

  test('what a lock keeps away is held, although dnf5 check-upgrade lists it', async () => {
    const lock =
      'version = "1.0"\n[[packages]]\nname = "glibc"\n[[packages.conditions]]\nkey = "evr"\ncomparator = "="\nvalue = "2.28-9.fc29"\n';
    const { pending, held, reasons } = await collect({
      files: { ...files, '/etc/dnf/versionlock.toml': lock },
    });
    expect(reasons).toEqual([]);
    expect(pending).toEqual(['standard unknown 1']);
    expect(held).toEqual(['security 1']);
  });

  test('locks that are not understood leave everything pending, with a problem', async () => {
    const { pending, reasons } = await collect({
      files: { ...files, '/etc/dnf/versionlock.toml': 'packages = []' },
    });
    expect(pending).toEqual(['security important 1', 'standard unknown 1']);
    expect(reasons).toEqual(['unexpected_output']);
  });

  test('a repository that was never fetched makes pending unknown', async () => {
    const { all, complete, problems } = await collect({
      commands: {
        ...answers,
        [command('repo list --enabled')]: 'repo id  repo name\nextra    Extra\nupdates  Fedora - Updates\n',
      },
    });
    expect(all).toEqual([]);
    expect(complete).toBe(0);
    expect(problems).toMatchObject([
      { reason: 'metadata_missing', message: expect.stringContaining('the metadata of extra are not in') },
    ]);
  });

  test('a cache of another address than that configured is refused by dnf5, and pending unknown', async () => {
    const { all, complete, reasons } = await collect({
      commands: {
        ...answers,
        [coreCommand]: { exitCode: 1, stderr: `Cache-only enabled but no cache for repository "updates"\n` },
      },
    });
    expect(all).toEqual([]);
    expect(complete).toBe(0);
    expect(reasons).toEqual(['metadata_missing']);
  });

  test('advisories that cannot be read are asked of dnf5; only their dates are lost', async () => {
    const told = JSON.stringify([
      {
        Name: 'FEDORA-1',
        Type: 'security',
        Severity: 'Important',
        Issued: 1_780_272_000,
        references: [],
        collections: { packages: ['glibc-2.28-26.fc29.x86_64'] },
      },
    ]);
    const { pending, oldest, reasons } = await collect({
      files: { ...files, [`${cache}/repodata/a-updateinfo.xml.gz`]: '\u0000ZCK1 and more' },
      commands: { ...answers, [command('advisory info --available --json')]: told },
    });
    expect(pending).toEqual(['security important 1', 'standard unknown 1']);
    expect(oldest).toEqual([
      'security important first_seen 1795000000',
      'standard unknown first_seen 1795000000',
    ]);
    expect(reasons).toEqual(['unexpected_output']);
  });

  test('a dnf5 that knows only the list of advisories is asked for that', async () => {
    const told = JSON.stringify([
      {
        name: 'FEDORA-1',
        type: 'security',
        severity: 'Important',
        nevra: 'glibc-2.28-26.fc29.x86_64',
        buildtime: 1,
      },
    ]);
    const { pending } = await collect({
      files: { ...files, [`${cache}/repodata/a-updateinfo.xml.gz`]: 'no XML' },
      commands: {
        ...answers,
        [command('advisory info --available --json')]: unknownArgument('--json', 'info'),
        [command('advisory list --available --json')]: told,
      },
    });
    expect(pending).toEqual(['security important 1', 'standard unknown 1']);
  });

  test('a dnf5 that cannot tell advisories at all (before 5.2.4) leaves security updates unknown', async () => {
    const { all, reasons } = await collect({
      files: { ...files, [`${cache}/repodata/a-updateinfo.xml.gz`]: 'no XML' },
      commands: {
        ...answers,
        [command('advisory info --available --json')]: unknownArgument('--json', 'info'),
        [command('advisory list --available --json')]: unknownArgument('--json', 'list'),
      },
    });
    expect(all).toEqual(['standard unknown 2']);
    expect(reasons).toEqual(['unexpected_output', 'unsupported']);
  });

  test.each([
    ['is not installed', new CollectorError('tool_missing', 'dnf5 is not installed'), 'tool_missing'],
    ['takes too long', new CollectorError('timeout', 'dnf5 took longer than 60 s'), 'timeout'],
    ['may not be run', new CollectorError('permission_denied', 'may not be run'), 'permission_denied'],
    ['fails', { exitCode: 1, stderr: 'Failed to open rpmdb' }, 'tool_failed'],
    ['answers in bytes that are no text', '\u{fffd}\u0000', 'unexpected_output'],
  ])('a tool that %s: nothing is claimed', async (_, answer, reason) => {
    for (const asked of [command('repo list --enabled'), offeredCommand, command('check-upgrade --json')]) {
      // oxlint-disable-next-line no-await-in-loop -- one command after the other
      const { all, reasons } = await collect({ commands: { ...answers, [asked]: answer } });
      expect(all).toEqual([]);
      expect(reasons).toEqual([reason]);
    }
  });
});

describe('dnf5-automatic', () => {
  const show =
    'systemctl show --no-pager --property=Id,LoadState,UnitFileState,ActiveState,Result,ExecMainExitTimestamp -- dnf5-automatic.timer dnf-automatic.timer dnf5-automatic.service dnf-automatic.service';
  const units = 'Id=dnf5-automatic.timer\nLoadState=loaded\nUnitFileState=enabled\nActiveState=active\n';
  const shipped = '/usr/share/dnf5/dnf5-plugins/automatic.conf';

  test.each([
    ['the file that came with it says yes', { [shipped]: '[commands]\napply_updates = yes\n' }, 1],
    [
      'the file of the administrator says no',
      {
        '/etc/dnf/automatic.conf': '[commands]\napply_updates = no\n',
        [shipped]: '[commands]\napply_updates = yes\n',
      },
      0,
    ],
    ['no file says anything', {}, 0],
  ])('with its timer running, and %s', async (_, configuration, expected) => {
    const host = replay({ commands: { ...answers, [show]: units }, files: { ...files, ...configuration } });
    const { samples } = await dnf5.collect(host, {});
    expect(samples.find(({ name }) => name === 'maintenance_patch_automation_enabled')?.value).toBe(expected);
  });
});

describe('the history of dnf5', () => {
  const start = 1_795_000_000;

  /** A database with the tables of libdnf5, as far as they are read. */
  function makeHistory(fill: string): string {
    const path = join(mkdtempSync(join(scratch, 'history-')), 'transaction_history.sqlite');
    const database = new DatabaseSync(path);
    database.exec(`
      create table trans_state (id integer primary key, name text);
      insert into trans_state values (1, 'Started'), (2, 'Ok'), (3, 'Error');
      create table trans (id integer primary key, dt_begin integer, dt_end integer, user_id integer, description text, state_id integer);
      create table pkg_name (id integer primary key, name text);
      create table arch (id integer primary key, name text);
      create table trans_item_action (id integer primary key, name text);
      insert into trans_item_action values (1, 'Install'), (2, 'Upgrade'), (3, 'Downgrade'), (4, 'Reinstall'), (5, 'Remove'), (6, 'Replaced'), (7, 'Reason Change');
      create table trans_item_state (id integer primary key, name text);
      insert into trans_item_state values (1, 'Started'), (2, 'Ok'), (3, 'Error');
      create table trans_item (id integer primary key, trans_id integer, item_id integer, action_id integer, state_id integer);
      create table rpm (item_id integer, name_id integer, epoch integer, version text, release text, arch_id integer);
      insert into pkg_name values (1, 'glibc'), (2, 'bash');
      insert into arch values (1, 'x86_64');
      insert into rpm values (1, 1, 0, '2.28', '9.fc29', 1), (2, 1, 0, '2.28', '26.fc29', 1), (3, 2, 1, '5.2', '1.fc39', 1);
      ${fill}`);
    database.close();
    return path;
  }
  const read = (fill: string, now = start) =>
    readHistory({ ...localHost({ stateDirectory: scratch }), now: () => now }, makeHistory(fill), undefined);

  test('upgrades with both versions, failures, and changes of a reason that are no deployment', async () => {
    const found = await read(`
      insert into trans values (1, ${start - 900}, ${start - 890}, 0, 'dnf5 upgrade', 2), (2, ${start - 800}, ${start - 790}, 4294967295, '', 3), (3, ${start - 700}, ${start - 690}, 0, 'dnf5 mark user bash', 2);
      insert into trans_item values (1, 1, 2, 2, 2), (2, 1, 1, 6, 2), (3, 2, 3, 1, 3), (4, 2, 2, 2, 2), (5, 2, 1, 6, 2), (6, 3, 3, 7, 2);`);
    expect(found).toEqual([
      {
        started: start - 900,
        ended: start - 890,
        outcome: 'success',
        packages: [{ name: 'glibc.x86_64', from: '2.28-9.fc29', to: '2.28-26.fc29' }],
        actor: 'root',
        command: 'dnf5 upgrade',
        number: '1',
      },
      {
        started: start - 800,
        ended: start - 790,
        outcome: 'partial',
        packages: [
          { name: 'bash.x86_64', to: '1:5.2-1.fc39', failed: true },
          { name: 'glibc.x86_64', from: '2.28-9.fc29', to: '2.28-26.fc29' },
        ],
        actor: undefined,
        number: '2',
      },
    ]);
  });

  test('a transaction that has not ended is under way for some hours, and then was interrupted', async () => {
    const fill = `insert into trans values (1, ${start}, null, 0, 'dnf5 upgrade', 1); insert into trans_item values (1, 1, 2, 2, 1);`;
    expect(await read(fill, start + 3600)).toEqual([]);
    expect((await read(fill, start + 7 * 3600))?.map(({ outcome }) => outcome)).toEqual(['failure']);
  });

  test('without transactions is none, and without a database no answer', async () => {
    expect(await read('')).toEqual([]);
    expect(await readHistory(replay({}), '/nowhere', undefined)).toBeUndefined();
  });

  test('a database of something else is refused', async () => {
    const path = join(scratch, 'other.sqlite');
    const database = new DatabaseSync(path);
    database.exec('create table notes (id integer)');
    database.close();
    await expect(readHistory(localHost({ stateDirectory: scratch }), path, undefined)).rejects.toMatchObject({
      reason: 'unexpected_output',
    });
  });
});
