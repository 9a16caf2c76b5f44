import { execFileSync, spawn, spawnSync } from 'node:child_process';
import {
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Collection } from '../../collector.ts';
import { readEvidence } from '../../evidence.ts';
import { localHost } from '../../host.ts';
import { dnf } from '../dnf.ts';

const day = 86_400;
const utc = (text: string) => Date.parse(text) / 1000;
const scratch = mkdtempSync(join(tmpdir(), 'maintenance-dnf-'));
const packages = join(scratch, 'packages');
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** Builds a package without files; a scriptlet is Lua, which needs no shell in the new root. */
function build(name: string, version: string, release = '1.el9', scriptlet = ''): void {
  const spec = join(scratch, `${name}.spec`);
  const [epoch, plain] = version.includes(':') ? version.split(':') : ['0', version];
  writeFileSync(
    spec,
    `Name: ${name}\nEpoch: ${epoch}\nVersion: ${plain}\nRelease: ${release}\nSummary: x\nLicense: MIT\nBuildArch: noarch\n%description\nx\n${scriptlet}\n%files\n`,
  );
  execFileSync(
    'rpmbuild',
    [
      '-bb',
      '--quiet',
      '--define',
      `_topdir ${scratch}/build`,
      '--define',
      `_rpmdir ${packages}`,
      '--define',
      '_build_name_fmt %%{NAME}-%%{VERSION}-%%{RELEASE}.%%{ARCH}.rpm',
      spec,
    ],
    { stdio: 'pipe' },
  );
}

interface Notice {
  readonly id: string;
  readonly type?: string;
  readonly severity?: string;
  readonly issued: string;
  readonly updated?: string;
  readonly reboot?: boolean;
  readonly package: readonly [name: string, version: string, release?: string];
}

function updateInfo(notices: readonly Notice[]): string {
  const items = notices.map(
    ({ id, type = 'security', severity = '', issued, updated = issued, reboot = false, package: fix }) => {
      const [name, version, release = '1.el9'] = fix;
      return `<update from="x" status="final" type="${type}" version="1"><id>${id}</id><title>x</title><issued date="${issued}"/><updated date="${updated}"/>${severity === '' ? '' : `<severity>${severity}</severity>`}<description>x</description><references/><pkglist><collection short="x"><name>x</name><package name="${name}" version="${version}" release="${release}" epoch="0" arch="noarch" src="x"><filename>x</filename>${reboot ? '<reboot_suggested>True</reboot_suggested>' : ''}</package></collection></pkglist></update>`;
    },
  );
  return `<?xml version="1.0" encoding="UTF-8"?>\n<updates>${items.join('\n')}</updates>`;
}

const notices: readonly Notice[] = [
  {
    id: 'RHSA-2024:2394',
    severity: 'Important',
    issued: '2024-04-30 00:00:00',
    updated: '2024-06-01 00:00:00',
    reboot: true,
    package: ['kernel-core', '5.14.0', '427.el9'],
  },
  {
    id: 'RHSA-2024:0310',
    severity: 'Moderate',
    issued: '2024-01-22 09:11:30',
    package: ['openssl-libs', '3.1'],
  },
  { id: 'RHSA-2024:2447', severity: 'Low', issued: '2024-04-30', package: ['openssl-libs', '3.2'] },
  { id: 'RHSA-2024:1111', severity: 'Critical', issued: '2024-02-02 00:00:00', package: ['masked', '1.1'] },
  { id: 'RHBA-2024:2222', type: 'bugfix', issued: '2024-05-05 00:00:00', package: ['masked', '1.2'] },
  { id: 'RHBA-2024:1000', type: 'bugfix', issued: '2024-03-01 00:00:00', package: ['vim-minimal', '8.2'] },
];

/**
 * Debian cannot have versionlock beside zypper. This stands in for it: the same hook of dnf, heeded by the same commands
 * (dnf-plugins-core plugins/versionlock.py).
 */
const lockingPlugin = `
import dnf

class Lock(dnf.Plugin):
    name = 'lock'

    def __init__(self, base, cli):
        super().__init__(base, cli)
        self.base, self.cli = base, cli

    def sack(self):
        demands = self.cli.demands
        heeded = demands.plugin_filtering_enabled
        if demands.resolving if heeded is None else heeded:
            self.base.sack.add_excludes(self.base.sack.query().available().filter(name='openssl-libs'))
`;

/** An installation with repositories of its own: base has what is installed, updates what is newer. */
function makeWorld() {
  const folder = mkdtempSync(join(scratch, 'world-'));
  const root = join(folder, 'root');
  const state = join(folder, 'state');
  const repositories = new Map<string, string>();
  mkdirSync(join(root, 'etc/yum.repos.d'), { recursive: true });
  mkdirSync(join(root, 'etc/dnf/plugins'), { recursive: true });
  const configure = (main = '') =>
    writeFileSync(
      join(root, 'etc/dnf/dnf.conf'),
      `[main]\ngpgcheck=0\npluginpath=${root}/plugins\npluginconfpath=${root}/etc/dnf/plugins\n${main}\n`,
    );
  const enable = (id: string, url: string, more = '') => {
    repositories.set(id, `[${id}]\nname=${id}\nbaseurl=${url}\n${more}\n`);
    writeFileSync(join(root, 'etc/yum.repos.d/test.repo'), [...repositories.values()].join('\n'));
  };
  const publish = (id: string, files: readonly string[], info?: string) => {
    const repository = join(folder, id);
    rmSync(repository, { recursive: true, force: true });
    mkdirSync(repository, { recursive: true });
    for (const file of files)
      for (const path of globSync(join(packages, `${file}.noarch.rpm`)))
        writeFileSync(join(repository, `${file}.noarch.rpm`), readFileSync(path));
    execFileSync('createrepo_c', ['-q', repository]);
    if (info !== undefined) {
      const xml = join(folder, 'updateinfo.xml');
      writeFileSync(xml, info);
      execFileSync('modifyrepo_c', [xml, join(repository, 'repodata')], { stdio: 'pipe' });
    }
    return `file://${repository}`;
  };
  const run = (...args: readonly string[]) =>
    spawnSync('dnf', ['-y', '-q', '--installroot', root, '--releasever=9', ...args], { encoding: 'utf8' });
  const collect = (now = Date.now() / 1000): Promise<Collection> =>
    dnf.collect({ ...localHost({ stateDirectory: state }), now: () => now }, { root });
  configure();
  return { folder, root, state, configure, enable, publish, run, collect };
}
type World = ReturnType<typeof makeWorld>;

const old = [
  'kernel-core-5.14.0-362.el9',
  'openssl-libs-3.0-1.el9',
  'masked-1.0-1.el9',
  'vim-minimal-8.1-1.el9',
];
const installable = ['kernel-core-5.14.0-362.el9', 'openssl-libs-3.0', 'masked-1.0', 'vim-minimal-8.1'];
const newer = [
  'kernel-core-5.14.0-427.el9',
  'openssl-libs-3.1-1.el9',
  'openssl-libs-3.2-1.el9',
  'masked-1.1-1.el9',
  'masked-1.2-1.el9',
  'vim-minimal-8.2-1.el9',
];

/** `name{label,...} value` without the prefix, sorted; times of the metadata and of deployments vary. */
function lines({ samples }: Collection): readonly string[] {
  return samples
    .map(
      ({ name, labels, value }) =>
        `${name.replace('maintenance_', '')}{${Object.values(labels).slice(1).join(',')}} ${value}`,
    )
    .filter((line) => !/^patch_(?:metadata_timestamp|last_deployment)/.test(line))
    .toSorted();
}
const about = (collection: Collection, part: string) =>
  lines(collection).filter((line) => line.includes(part));
const counts = (collection: Collection) =>
  about(collection, 'patches_').filter((line) => !line.endsWith(' 0'));
const reasons = ({ problems }: Collection) => problems.map(({ reason }) => reason);

describe('dnf 4 in a world of its own', () => {
  let world: World;
  beforeAll(() => {
    build('kernel-core', '5.14.0', '362.el9');
    build('kernel-core', '5.14.0', '427.el9');
    for (const version of ['3.0', '3.1', '3.2']) build('openssl-libs', version);
    for (const version of ['1.0', '1.1', '1.2']) build('masked', version);
    for (const version of ['8.1', '8.2']) build('vim-minimal', version);
    build('good', '1.0');
    build('badpre', '1.0', '1.el9', "%pre -p <lua>\nerror('boom')");
    build('badpost', '1.0', '1.el9', "%post -p <lua>\nerror('boom')");
    build('slow', '1.0', '1.el9', '%post -p <lua>\nposix.sleep(60)');
  });
  beforeEach(() => {
    world = makeWorld();
    world.enable('base', world.publish('base', old));
    world.enable('updates', world.publish('updates', newer, updateInfo(notices)));
    const { status, stderr } = world.run('install', ...installable);
    if (status !== 0) throw new Error(stderr);
  });

  test('pending is counted by class and severity: two advisories of one package both count, and so does a security advisory that a later normal update supersedes (yum.sh has neither)', async () => {
    const collection = await world.collect();
    expect(collection.problems).toEqual([]);
    expect(about(collection, 'patches_')).toEqual([
      'patches_held{security} 0',
      'patches_held{standard} 0',
      'patches_pending{security,critical} 1',
      'patches_pending{security,important} 1',
      'patches_pending{security,low} 1',
      'patches_pending{security,moderate} 1',
      'patches_pending{security,unknown} 0',
      'patches_pending{standard,unknown} 1',
    ]);
    expect(about(collection, 'metadata_complete')).toEqual(['patch_metadata_complete{} 1']);
  });

  test('the age counts from the date of issue, not from the last change of the advisory, which dnf shows', async () => {
    const collection = await world.collect();
    expect(about(collection, 'oldest_pending')).toEqual(
      [
        `security,critical,released} ${utc('2024-02-02T00:00:00Z')}`,
        `security,important,released} ${utc('2024-04-30T00:00:00Z')}`,
        `security,low,released} ${utc('2024-04-30T00:00:00Z')}`,
        `security,moderate,released} ${utc('2024-01-22T09:11:30Z')}`,
        `standard,unknown,released} ${utc('2024-03-01T00:00:00Z')}`,
      ].map((rest) => `patch_oldest_pending_timestamp_seconds{${rest}`),
    );
    const shown = world.run('-C', 'updateinfo', 'info', 'RHSA-2024:2394').stdout;
    expect(shown).toContain('Updated: 2024-06-01');
    expect(shown).not.toContain('2024-04-30');
  });

  test('the metadata are as old as their publisher says, per repository', async () => {
    const { samples } = await world.collect();
    const dates = samples.filter(({ name }) => name === 'maintenance_patch_metadata_timestamp_seconds');
    expect(new Set(dates.map(({ labels }) => labels['repository']))).toEqual(new Set(['base', 'updates']));
    for (const { labels, value } of dates) {
      const repomd = readFileSync(
        join(world.folder, labels['repository'] ?? '', 'repodata/repomd.xml'),
        'utf8',
      );
      expect(String(value)).toBe(/<revision>(\d+)</.exec(repomd)?.[1]);
    }
  });

  test('everything installed is an explicit 0, and what was installed is one deployment', async () => {
    await world.collect();
    expect(world.run('upgrade').status).toBe(0);
    const collection = await world.collect();
    expect(collection.problems).toEqual([]);
    expect(counts(collection)).toEqual([]);
    expect(about(collection, 'patches_pending').length).toBe(6);
    expect(about(collection, 'deployments_total')).toEqual([
      'patch_deployments_total{failure} 0',
      'patch_deployments_total{partial} 0',
      'patch_deployments_total{pending_reboot} 0',
      'patch_deployments_total{success} 2',
    ]);
    const records = await evidence(world);
    expect(records.map(({ outcome }) => outcome)).toEqual(['success', 'success']);
    expect(records[1]?.details).toMatchObject({
      packages: expect.arrayContaining([
        { name: 'openssl-libs.noarch', from: '3.0-1.el9', to: '3.2-1.el9' },
        { name: 'masked.noarch', from: '1.0-1.el9', to: '1.2-1.el9' },
      ]),
    });
  });

  test('a newer version does not make an update without an advisory younger', async () => {
    const start = Date.now() / 1000;
    world.enable('updates', world.publish('updates', ['vim-minimal-8.2-1.el9'], updateInfo([])));
    world.run('makecache', '--refresh');
    const oldest = 'patch_oldest_pending_timestamp_seconds{standard,unknown,first_seen}';
    expect(about(await world.collect(start), 'oldest')).toEqual([`${oldest} ${Math.floor(start)}`]);
    build('vim-minimal', '8.3');
    world.publish('updates', ['vim-minimal-8.3-1.el9'], updateInfo([]));
    world.run('makecache', '--refresh');
    expect(about(await world.collect(start + 9 * day), 'oldest')).toEqual([`${oldest} ${Math.floor(start)}`]);
  });

  test.each([
    ['exclude', (here: World) => here.configure('exclude=openssl*')],
    [
      'excludepkgs of one repository',
      (here: World) => here.enable('updates', `file://${here.folder}/updates`, 'excludepkgs=openssl-libs'),
    ],
    [
      'a plugin, as versionlock does,',
      (here: World) => {
        mkdirSync(join(here.root, 'plugins'));
        writeFileSync(join(here.root, 'plugins/lock.py'), lockingPlugin);
        writeFileSync(join(here.root, 'etc/dnf/plugins/lock.conf'), '[main]\nenabled=1\n');
      },
    ],
  ])('what %s keeps away is held, with its age, and not pending', async (_, hold) => {
    hold(world);
    const collection = await world.collect();
    expect(collection.problems).toEqual([]);
    expect(counts(collection)).toEqual([
      'patches_held{security} 1',
      'patches_pending{security,critical} 1',
      'patches_pending{security,important} 1',
      'patches_pending{standard,unknown} 1',
    ]);
    expect(about(collection, 'oldest_held')).toEqual([
      `patch_oldest_held_timestamp_seconds{security,released} ${utc('2024-01-22T09:11:30Z')}`,
    ]);
  });

  test('a lock half-way leaves what is beyond it held', async () => {
    world.configure('exclude=openssl-libs-0:3.2*');
    expect(counts(await world.collect())).toEqual([
      'patches_held{security} 1',
      'patches_pending{security,critical} 1',
      'patches_pending{security,important} 1',
      'patches_pending{security,moderate} 1',
      'patches_pending{standard,unknown} 1',
    ]);
  });

  test('a repository that was never fetched makes pending unknown, never 0', async () => {
    world.enable('third', 'http://127.0.0.1:9/third');
    const collection = await world.collect();
    expect(about(collection, 'patches_')).toEqual([]);
    expect(reasons(collection)).toEqual(['metadata_missing']);
    expect(about(collection, 'metadata_complete')).toEqual(['patch_metadata_complete{} 0']);
    expect(collection.problems[0]?.message).toContain("no cache for 'third'");
  });

  test('a repository that is down and may be skipped makes pending unknown, though dnf prints nothing and succeeds (yum.sh says 0)', async () => {
    world.run('upgrade');
    world.enable('third', 'http://127.0.0.1:9/third', 'skip_if_unavailable=1');
    const { status, stdout } = world.run('check-update');
    expect([status, stdout]).toEqual([0, '']);
    const collection = await world.collect();
    expect(about(collection, 'patches_')).toEqual([]);
    expect(about(collection, 'metadata_complete')).toEqual(['patch_metadata_complete{} 0']);
    expect(reasons(collection)).toEqual(['metadata_missing']);
    expect(collection.problems[0]?.message).toMatch(/^the metadata of third are not in/);
  });

  test('a repository whose address changed is not taken for the one in the cache', async () => {
    world.enable('updates', `file://${world.folder}/./updates`, 'skip_if_unavailable=1');
    const collection = await world.collect();
    expect(about(collection, 'patches_')).toEqual([]);
    expect(reasons(collection)).toEqual(['metadata_missing']);
  });

  test('a cache that is empty makes everything unknown', async () => {
    rmSync(join(world.root, 'var/cache/dnf'), { recursive: true });
    const collection = await world.collect();
    expect(about(collection, 'patches_')).toEqual([]);
    expect(reasons(collection)).toEqual(['metadata_missing']);
  });

  test('a cache that no server confirmed for two weeks proves nothing, also when nothing is pending', async () => {
    world.run('upgrade');
    expect(reasons(await world.collect(Date.now() / 1000 + 13 * day))).toEqual([]);
    const collection = await world.collect(Date.now() / 1000 + 15 * day);
    expect(about(collection, 'patches_')).toEqual([]);
    expect(reasons(collection)).toEqual(['metadata_stale']);
    expect(collection.problems[0]?.message).toContain('base, updates');
  });

  test('no enabled repository is unknown, not up to date', async () => {
    writeFileSync(join(world.root, 'etc/yum.repos.d/test.repo'), '');
    const collection = await world.collect();
    expect(about(collection, 'patches_')).toEqual([]);
    expect(about(collection, 'metadata_complete')).toEqual(['patch_metadata_complete{} 0']);
    expect(reasons(collection)).toEqual(['metadata_missing']);
  });

  test('a disabled repository is none of the host', async () => {
    world.enable('third', 'http://127.0.0.1:9/third', 'enabled=0');
    expect((await world.collect()).problems).toEqual([]);
  });

  test('without any advisories the number of security updates is unknown, and every update is standard', async () => {
    world.publish('updates', newer);
    world.run('makecache', '--refresh');
    const collection = await world.collect();
    expect(about(collection, 'patches_')).toEqual([
      'patches_held{standard} 0',
      'patches_pending{standard,unknown} 4',
    ]);
    expect(reasons(collection)).toEqual(['unsupported']);
  });

  test('a repository with bug fixes alone has 0 security updates: its advisories were read', async () => {
    world.publish(
      'updates',
      ['kernel-core-5.14.0-362.el9', 'vim-minimal-8.2-1.el9'],
      updateInfo(notices.filter(({ type }) => type === 'bugfix')),
    );
    world.run('makecache', '--refresh');
    const collection = await world.collect();
    expect(collection.problems).toEqual([]);
    expect(counts(collection)).toEqual(['patches_pending{standard,unknown} 1']);
    expect(about(collection, '{security')).toContain('patches_pending{security,critical} 0');
  });

  test('advisories of another repository than that of the distribution do not tell its security updates', async () => {
    world.publish('updates', ['kernel-core-5.14.0-427.el9']);
    world.enable('epel', world.publish('epel', ['vim-minimal-8.2-1.el9'], updateInfo(notices)));
    world.run('makecache', '--refresh');
    const collection = await world.collect();
    expect(about(collection, 'patches_')).toEqual([
      'patches_held{standard} 0',
      'patches_pending{standard,unknown} 2',
    ]);
    expect(reasons(collection)).toEqual(['unsupported']);
  });

  test.each([
    ['cut off', updateInfo(notices).slice(0, -30)],
    ['a page that asks to log in', '<html><body>Please log in</body></html>'],
    ['empty', ''],
  ])('published advisories that are %s leave security updates unknown', async (_, info) => {
    world.publish('updates', newer, info);
    world.run('makecache', '--refresh');
    const collection = await world.collect();
    expect(about(collection, 'patches_')).toEqual([
      'patches_held{standard} 0',
      'patches_pending{standard,unknown} 4',
    ]);
    expect(reasons(collection)).toEqual(['unexpected_output']);
    expect(collection.problems[0]?.message).toMatch(/^advisories of updates: /);
  });

  test('advisories that were damaged in the cache make everything unknown: dnf does not take such a cache', async () => {
    const [info = ''] = globSync(join(world.root, 'var/cache/dnf/updates-*/repodata/*-updateinfo.xml.gz'));
    writeFileSync(info, readFileSync(info).subarray(0, 100));
    const collection = await world.collect();
    expect(about(collection, 'patches_')).toEqual([]);
    expect(reasons(collection)).toEqual(['metadata_missing']);
  });

  test('a damaged repomd.xml is no repository', async () => {
    const [repomd = ''] = globSync(join(world.root, 'var/cache/dnf/updates-*/repodata/repomd.xml'));
    const times = new Date();
    writeFileSync(repomd, readFileSync(repomd, 'utf8').slice(0, 300));
    utimesSync(repomd, times, times);
    const collection = await world.collect();
    expect(about(collection, 'patches_')).toEqual([]);
    expect(reasons(collection).length).toBeGreaterThan(0);
  });

  test('a transaction in which one package failed is partial, and one in which all failed a failure', async () => {
    world.enable(
      'extra',
      world.publish('extra', ['good-1.0-1.el9', 'badpre-1.0-1.el9', 'badpost-1.0-1.el9']),
    );
    expect(world.run('install', 'good', 'badpre').status).toBe(1);
    expect(world.run('install', 'badpre').status).toBe(1);
    expect(world.run('install', 'badpost').status).toBe(0);
    const collection = await world.collect();
    expect(about(collection, 'deployments_total')).toEqual([
      'patch_deployments_total{failure} 1',
      'patch_deployments_total{partial} 2',
      'patch_deployments_total{pending_reboot} 0',
      'patch_deployments_total{success} 1',
    ]);
    const records = await evidence(world);
    expect(records.map(({ outcome }) => outcome)).toEqual(['success', 'partial', 'failure', 'partial']);
    expect(records[1]?.details['packages']).toEqual(
      expect.arrayContaining([
        { name: 'badpre.noarch', to: '1.0-1.el9', failed: true },
        { name: 'good.noarch', to: '1.0-1.el9' },
      ]),
    );
    expect(records[1]?.details['command']).toContain('install good badpre');
    expect(about(await world.collect(), 'deployments_total')).toEqual(about(collection, 'deployments_total'));
  });

  test('runs that change nothing are no deployments: refused, dry and download only', async () => {
    world.run('upgrade', '--assumeno');
    world.run('upgrade', '--downloadonly');
    world.run('install', 'no-such-package');
    world.run('mark', 'remove', 'openssl-libs');
    expect(about(await world.collect(), 'deployments_total')).toContain('patch_deployments_total{success} 1');
    expect((await evidence(world)).length).toBe(1);
  });

  test('a transaction under way is left out; once it was killed it is a failure', async () => {
    world.enable('extra', world.publish('extra', ['slow-1.0-1.el9']));
    const child = spawn(
      'dnf',
      ['-y', '-q', '--installroot', world.root, '--releasever=9', 'install', 'slow'],
      {
        stdio: 'ignore',
      },
    );
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    const begun = () => {
      const database = new DatabaseSync(join(world.root, 'var/lib/dnf/history.sqlite'), { readOnly: true });
      try {
        return database.prepare('select count(*) as number from trans where state = 0').get()?.['number'];
      } finally {
        database.close();
      }
    };
    await expect.poll(begun, { timeout: 30_000, interval: 50 }).toBe(1);
    expect(about(await world.collect(), 'deployments_total')).toContain('patch_deployments_total{failure} 0');
    child.kill('SIGKILL');
    await ended;
    const collection = await world.collect();
    expect(about(collection, 'deployments_total')).toContain('patch_deployments_total{failure} 1');
    expect((await evidence(world)).at(-1)).toMatchObject({
      outcome: 'failure',
      details: { packages: [{ name: 'slow.noarch', to: '1.0-1.el9', failed: true }] },
    });
  });

  test('an installation that does not exist is no answer', async () => {
    const host = localHost({ stateDirectory: world.state });
    const { samples, problems } = await dnf.collect(host, { root: join(world.folder, 'nowhere') });
    expect(samples.filter(({ name }) => name.includes('pending'))).toEqual([]);
    expect(problems.length).toBeGreaterThan(0);
  });
});

async function evidence({ state }: World) {
  if (!existsSync(state)) return [];
  return (await readEvidence(state)).records.filter(({ kind }) => kind === 'patch_deployment');
}
