import { execFileSync, spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Collection, Host } from '../../collector.ts';
import { readEvidence } from '../../evidence.ts';
import { localHost } from '../../host.ts';
import { zypper } from '../zypper.ts';
import { zypperFailure } from './tool.ts';
import { parsePatches } from './updates.ts';

const day = 86_400;
const utc = (text: string) => Date.parse(text) / 1000;
const scratch = mkdtempSync(join(tmpdir(), 'maintenance-zypper-'));
chmodSync(scratch, 0o755); // for the tests as another user
const packages = join(scratch, 'packages');
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** Builds a package without files; a scriptlet is Lua, which needs no shell in the new root. */
function build(name: string, version: string, { header = '', scriptlet = '', release = '1' } = {}): void {
  const spec = join(scratch, `${name}.spec`);
  writeFileSync(
    spec,
    `Name: ${name}\nVersion: ${version}\nRelease: ${release}\nSummary: x\nLicense: MIT\nBuildArch: noarch\n${header}\n%description\nx\n${scriptlet}\n%files\n`,
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
  readonly status?: string;
  readonly severity?: string;
  /** Unix seconds; none where left out. */
  readonly issued?: number;
  readonly updated?: number;
  /** `reboot` or `restart` (of the package manager). */
  readonly suggests?: string;
  readonly package: readonly [name: string, version: string, release?: string];
}

function updateInfo(notices: readonly Notice[]): string {
  const items = notices.map((notice) => {
    const { id, type = 'security', status = 'stable', severity = '', issued, updated, suggests } = notice;
    const [name, version, release = '1'] = notice.package;
    const dates = [
      issued === undefined ? '' : `<issued date="${issued}"/>`,
      updated === undefined ? '' : `<updated date="${updated}"/>`,
    ].join('');
    const hint = suggests === undefined ? '' : `<${suggests}_suggested>True</${suggests}_suggested>`;
    return `<update from="x" status="${status}" type="${type}" version="1"><id>${id}</id><title>x</title><severity>${severity}</severity>${dates}<description>x</description><references/><pkglist><collection><package name="${name}" version="${version}" release="${release}" epoch="0" arch="noarch" src="x"><filename>x</filename>${hint}</package></collection></pkglist></update>`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<updates>${items.join('\n')}</updates>`;
}

const kernelNotice: Notice = {
  id: 'SUSE-2024-2394',
  severity: 'important',
  issued: utc('2024-04-30T00:00:00Z'),
  updated: utc('2024-06-01T00:00:00Z'),
  suggests: 'reboot',
  package: ['kernel-default', '5.14', '2'],
};
const notices: readonly Notice[] = [
  kernelNotice,
  {
    id: 'SUSE-2024-310',
    severity: 'moderate',
    issued: utc('2024-01-22T09:11:30Z'),
    package: ['libopenssl3', '3.1'],
  },
  {
    id: 'SUSE-2024-2447',
    severity: 'low',
    issued: utc('2024-04-30T00:00:00Z'),
    package: ['libopenssl3', '3.2'],
  },
  {
    id: 'SUSE-2024-1111',
    severity: 'critical',
    issued: utc('2024-02-02T00:00:00Z'),
    package: ['masked', '1.1'],
  },
  {
    id: 'SUSE-2024-2222',
    type: 'recommended',
    severity: 'important',
    issued: utc('2024-05-05T00:00:00Z'),
    package: ['masked', '1.2'],
  },
  {
    id: 'SUSE-2024-1000',
    type: 'feature',
    issued: utc('2024-03-01T00:00:00Z'),
    package: ['vim', '8.2'],
  },
];

const old = ['kernel-default-5.14-1', 'libopenssl3-3.0-1', 'masked-1.0-1', 'vim-8.1-1'];
const newer = [
  'kernel-default-5.14-2',
  'libopenssl3-3.1-1',
  'libopenssl3-3.2-1',
  'masked-1.1-1',
  'masked-1.2-1',
  'vim-8.2-1',
];
const installable = ['kernel-default=5.14-1', 'libopenssl3=3.0', 'masked=1.0', 'vim=8.1'];

/** An installation with repositories of its own: base has what is installed, updates what is newer. */
function makeWorld() {
  const folder = mkdtempSync(join(scratch, 'world-'));
  chmodSync(folder, 0o755);
  const root = join(folder, 'root');
  const state = join(folder, 'state');
  mkdirSync(join(root, 'etc/zypp/repos.d'), { recursive: true });
  const enable = (id: string, url: string, more = '') =>
    writeFileSync(
      join(root, `etc/zypp/repos.d/${id}.repo`),
      `[${id}]\nname=Repository ${id}\nbaseurl=${url}\nenabled=1\nautorefresh=1\n${more}\n`,
    );
  const publish = (id: string, files: readonly string[], info?: string) => {
    const repository = join(folder, id);
    rmSync(repository, { recursive: true, force: true });
    mkdirSync(repository, { recursive: true });
    for (const file of files)
      writeFileSync(
        join(repository, `${file}.noarch.rpm`),
        readFileSync(join(packages, `${file}.noarch.rpm`)),
      );
    execFileSync('createrepo_c', ['-q', repository]);
    if (info !== undefined) {
      const xml = join(folder, 'updateinfo.xml');
      writeFileSync(xml, info);
      execFileSync('modifyrepo_c', [xml, join(repository, 'repodata')], { stdio: 'pipe' });
    }
    return `dir:${repository}`;
  };
  const run = (...args: readonly string[]) =>
    spawnSync('zypper', ['--root', root, '--non-interactive', '--no-gpg-checks', ...args], {
      encoding: 'utf8',
      env: { ...process.env, LC_ALL: 'C' },
    });
  const collect = (now = Date.now() / 1000, change = (host: Host): Host => host): Promise<Collection> =>
    zypper.collect(change({ ...localHost({ stateDirectory: state }), now: () => now }), { root });
  return { folder, root, state, enable, publish, run, collect };
}
type World = ReturnType<typeof makeWorld>;

/** `name{label,...} value` without the prefix, sorted; times of the metadata and of deployments vary. */
function lines({ samples }: Collection): readonly string[] {
  return samples
    .map(
      ({ name, labels, value }) =>
        `${name.replace('maintenance_', '')}{${Object.values(labels).slice(1).join(',')}} ${value}`,
    )
    .filter((line) => !/^(?:patch_(?:metadata_timestamp|last_deployment)|vulnerability_scan)/.test(line))
    .toSorted();
}
const about = (collection: Collection, part: string) =>
  lines(collection).filter((line) => line.includes(part));
const counts = (collection: Collection) =>
  about(collection, 'patches_').filter((line) => !line.endsWith(' 0'));
const reasons = ({ problems }: Collection) => problems.map(({ reason }) => reason);
const unknown = (collection: Collection, reason: string) => {
  expect(about(collection, 'patches_')).toEqual([]);
  expect(reasons(collection)).toEqual([reason]);
};
const oldest = (rest: string) => `patch_oldest_pending_timestamp_seconds{${rest}`;

async function evidence({ state }: World) {
  return (await readEvidence(state)).records.filter(({ kind }) => kind === 'patch_deployment');
}

/** A service user without any rights. */
const unprivileged = (host: Host): Host => ({
  ...host,
  run: (tool, args, options) =>
    host.run('setpriv', ['--reuid=65534', '--regid=65534', '--clear-groups', tool, ...args], options),
});

describe('zypper in a world of its own', () => {
  let world: World;
  beforeAll(() => {
    const header = 'Provides: multiversion(kernel)';
    for (const release of ['1', '2']) build('kernel-default', '5.14', { release, header });
    for (const version of ['3.0', '3.1', '3.2']) build('libopenssl3', version);
    for (const version of ['1.0', '1.1', '1.2']) build('masked', version);
    for (const version of ['8.1', '8.2', '8.3']) build('vim', version);
    build('vim', '8.4', { header: 'Vendor: somebody else' });
    build('good', '1.0');
    build('badpre', '1.0', { scriptlet: "%pre -p <lua>\nerror('boom')" });
    build('badpost', '1.0', { scriptlet: "%post -p <lua>\nerror('boom')" });
    build('slow', '1.0', { scriptlet: '%post -p <lua>\nposix.sleep(60)' });
  });
  beforeEach(() => {
    world = makeWorld();
    world.enable('base', world.publish('base', old));
    world.enable('updates', world.publish('updates', newer, updateInfo(notices)));
    const { status, stdout } = world.run('install', ...installable);
    if (status !== 0) throw new Error(stdout);
  });

  test('pending is counted by class and severity: two advisories of one package both count, and so does a security advisory that a later normal update supersedes', async () => {
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

  test('the age counts from the date of issue, not from the last change of the advisory, which zypper calls its issue date', async () => {
    expect(about(await world.collect(), 'oldest_pending')).toEqual(
      [
        `security,critical,released} ${utc('2024-02-02T00:00:00Z')}`,
        `security,important,released} ${utc('2024-04-30T00:00:00Z')}`,
        `security,low,released} ${utc('2024-04-30T00:00:00Z')}`,
        `security,moderate,released} ${utc('2024-01-22T09:11:30Z')}`,
        `standard,unknown,released} ${utc('2024-03-01T00:00:00Z')}`,
      ].map(oldest),
    );
    const shown = parsePatches(world.run('--xmlout', 'list-patches').stdout);
    const kernel = shown.find(({ name }) => name === kernelNotice.id);
    expect(kernel).toMatchObject({ dated: utc('2024-06-01T00:00:00Z'), reboot: true, interactive: true });
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

  test('a patch that wants a reboot is left out by `zypper -n patch`, which succeeds, and so is an optional one: they stay pending', async () => {
    const { status, stdout } = world.run('patch');
    expect(status).toBe(0);
    expect(stdout).toContain("Patch 'SUSE-2024-2394-1' is interactive, skipping.");
    expect(counts(await world.collect())).toEqual([
      'patches_pending{security,important} 1',
      'patches_pending{standard,unknown} 1',
    ]);
  });

  test('everything installed is an explicit 0, and what was installed is a deployment with versions from and to', async () => {
    await world.collect();
    expect(world.run('update').status).toBe(0);
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
    expect(records.map(({ outcome, actor }) => [outcome, actor])).toEqual([
      ['success', 'root'],
      ['success', 'root'],
    ]);
    expect(records[1]?.details).toMatchObject({
      command: expect.stringMatching(/^'zypper' .* 'update'$/),
      packages: expect.arrayContaining([
        { name: 'libopenssl3.noarch', from: '3.0-1', to: '3.2-1' },
        { name: 'masked.noarch', from: '1.0-1', to: '1.2-1' },
      ]),
    });
    expect(records[0]?.details['packages']).toContainEqual({ name: 'vim.noarch', to: '8.1-1' });
  });

  test('a newer version does not make an update without an advisory younger', async () => {
    const start = Date.now() / 1000;
    world.publish('updates', ['vim-8.2-1'], updateInfo([]));
    world.run('refresh');
    const first = oldest(`standard,unknown,first_seen} ${Math.floor(start)}`);
    expect(about(await world.collect(start), 'oldest')).toEqual([first]);
    world.publish('updates', ['vim-8.3-1'], updateInfo([]));
    world.run('refresh');
    expect(about(await world.collect(start + 9 * day), 'oldest')).toEqual([first]);
  });

  test('an advisory that another one takes the place of does not make the package younger', async () => {
    const [, first, second] = notices;
    if (first === undefined || second === undefined) throw new Error('two advisories of libopenssl3');
    world.publish('updates', ['kernel-default-5.14-1', 'libopenssl3-3.1-1'], updateInfo([first]));
    world.run('refresh');
    await world.collect();
    world.publish('updates', ['kernel-default-5.14-1', 'libopenssl3-3.2-1'], updateInfo([second]));
    world.run('refresh');
    expect(about(await world.collect(), 'oldest_pending')).toEqual([
      oldest(`security,low,released} ${utc('2024-04-30T00:00:00Z')}`),
      oldest(`security,moderate,released} ${utc('2024-01-22T09:11:30Z')}`),
    ]);
  });

  test('an advisory without a date counts since zypper knows that it is needed (status-since), not since the exporter does', async () => {
    // zypper writes down what a transaction makes needed, so the advisory is there before the old version is.
    const here = makeWorld();
    here.enable('base', here.publish('base', old));
    const undated: Notice = { id: 'SUSE-1', severity: 'low', package: ['vim', '8.2'] };
    here.enable('updates', here.publish('updates', newer, updateInfo([undated])));
    here.run('install', ...installable);
    const [patch] = parsePatches(here.run('--xmlout', 'list-patches').stdout);
    expect(Date.now() / 1000 - (patch?.since ?? 0)).toBeLessThan(60);
    expect(
      about(await here.collect(Date.now() / 1000 + 3 * day), 'oldest_pending_timestamp_seconds{security'),
    ).toEqual([oldest(`security,low,first_seen} ${patch?.since}`)]);
  });

  test('a severity the publisher left out is unknown, not the lowest', async () => {
    world.publish('updates', newer, updateInfo([{ ...kernelNotice, severity: 'unspecified' }]));
    world.run('refresh');
    expect(
      about(await world.collect(), 'patches_pending{security,').filter((line) => !line.endsWith(' 0')),
    ).toEqual(['patches_pending{security,unknown} 1']);
  });

  test('an advisory that was taken back asks for nothing', async () => {
    world.publish(
      'updates',
      ['kernel-default-5.14-2'],
      updateInfo([{ ...kernelNotice, status: 'retracted' }]),
    );
    world.run('refresh');
    expect(about(await world.collect(), '{security').filter((line) => !line.endsWith(' 0'))).toEqual([]);
  });

  test('while an update of zypper itself waits, all others wait as well, though its list of patches has only that one', async () => {
    world.publish(
      'updates',
      newer,
      updateInfo([
        ...notices,
        {
          id: 'SUSE-2024-9',
          severity: 'low',
          suggests: 'restart',
          issued: 1_700_000_000,
          package: ['vim', '8.2'],
        },
      ]),
    );
    world.run('refresh');
    const list = world.run('--xmlout', 'list-patches').stdout;
    const [before = '', after = ''] = list.split('<blocked-update-list>');
    expect([before, after].map((part) => part.match(/<update kind/g)?.length)).toEqual([1, 6]);
    expect(parsePatches(list).length).toBe(7);
    expect(counts(await world.collect())).toEqual([
      'patches_pending{security,critical} 1',
      'patches_pending{security,important} 1',
      'patches_pending{security,low} 2',
      'patches_pending{security,moderate} 1',
    ]);
  });

  describe('locks', () => {
    test.each([['libopenssl3'], ['libopen*']])(
      '%s: what a lock keeps away is held, with its age, and not pending',
      async (lock) => {
        world.run('addlock', lock);
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
      },
    );

    test('a patch that is locked is held, with its age', async () => {
      world.run('addlock', '--type', 'patch', kernelNotice.id);
      const collection = await world.collect();
      expect(collection.problems).toEqual([]);
      expect(counts(collection)).toEqual([
        'patches_held{security} 1',
        'patches_pending{security,critical} 1',
        'patches_pending{security,low} 1',
        'patches_pending{security,moderate} 1',
        'patches_pending{standard,unknown} 1',
      ]);
      expect(about(collection, 'oldest_held')).toEqual([
        `patch_oldest_held_timestamp_seconds{security,released} ${utc('2024-04-30T00:00:00Z')}`,
      ]);
    });

    test('of two patches of one package the one that is not locked stays pending', async () => {
      world.run('addlock', '--type', 'patch', 'SUSE-2024-2447');
      expect(counts(await world.collect())).toEqual([
        'patches_held{security} 1',
        'patches_pending{security,critical} 1',
        'patches_pending{security,important} 1',
        'patches_pending{security,moderate} 1',
        'patches_pending{standard,unknown} 1',
      ]);
    });

    test('a newer version of another vendor, which zypper never takes by itself, is held', async () => {
      world.enable('other', world.publish('other', ['vim-8.4-1'], updateInfo([])));
      world.run('update', 'vim');
      world.run('refresh');
      const collection = await world.collect();
      expect(counts(collection)).toEqual([
        'patches_held{standard} 1',
        'patches_pending{security,critical} 1',
        'patches_pending{security,important} 1',
        'patches_pending{security,low} 1',
        'patches_pending{security,moderate} 1',
      ]);
    });
  });

  describe('when the metadata cannot be believed', () => {
    test('a repository that was never fetched makes pending unknown, never 0, and is not fetched by the question either', async () => {
      world.run('update');
      world.enable('third', world.publish('third', ['vim-8.3-1']));
      const collection = await world.collect();
      unknown(collection, 'metadata_missing');
      expect(about(collection, 'metadata_complete')).toEqual(['patch_metadata_complete{} 0']);
      expect(collection.problems[0]?.message).toMatch(/^the metadata of third are not in .*zypper refresh$/);
      expect(existsSync(join(world.root, 'var/cache/zypp/raw/third'))).toBe(false);
    });

    test('zypper itself leaves out a repository that is down and prints an empty list, with exit code 106: unknown', async () => {
      world.run('update');
      world.enable('third', 'dir:/nonexistent/third');
      const answer = world.run('--xmlout', 'list-updates');
      expect(answer.stdout).toMatch(/<update-list>\s*<\/update-list>/);
      expect(
        zypperFailure('zypper list-updates', { ...answer, exitCode: answer.status ?? -1 }),
      ).toMatchObject({
        reason: 'metadata_missing',
        message: expect.stringMatching(/^zypper list-updates exited with 106: .*third/),
      });
      unknown(await world.collect(), 'metadata_missing');
    });

    test('a refresh that fails leaves the date of the metadata as it was, and after two weeks nothing is known', async () => {
      world.run('update');
      const before = await world.collect();
      rmSync(join(world.folder, 'updates'), { recursive: true });
      expect(world.run('--xmlout', 'refresh').status).toBe(4);
      expect(lines(await world.collect(Date.now() / 1000 + 13 * day))).toEqual(lines(before));
      const later = await world.collect(Date.now() / 1000 + 15 * day);
      unknown(later, 'metadata_stale');
      expect(later.problems[0]?.message).toContain('base, updates');
    });

    test('a cache that is empty makes everything unknown', async () => {
      rmSync(join(world.root, 'var/cache/zypp'), { recursive: true });
      unknown(await world.collect(), 'metadata_missing');
    });

    test('no repository, and none that is enabled, is unknown and not up to date, though zypper prints an empty list and succeeds', async () => {
      world.run('update');
      world.run('modifyrepo', '--disable', '--all');
      expect(world.run('--xmlout', 'list-updates').status).toBe(0);
      unknown(await world.collect(), 'metadata_missing');
      for (const file of globSync(join(world.root, 'etc/zypp/repos.d/*'))) rmSync(file);
      expect(world.run('--xmlout', 'list-patches').stdout).toContain('no-update-repositories');
      const collection = await world.collect();
      unknown(collection, 'metadata_missing');
      expect(about(collection, 'metadata_complete')).toEqual(['patch_metadata_complete{} 0']);
    });

    test('a repository that is disabled is none of the host', async () => {
      world.enable('third', 'dir:/nonexistent/third', 'enabled=0');
      writeFileSync(
        join(world.root, 'etc/zypp/repos.d/third.repo'),
        '[third]\nenabled=0\nbaseurl=dir:/nonexistent/third\n',
      );
      expect((await world.collect()).problems).toEqual([]);
    });

    test('a damaged repomd.xml is no repository', async () => {
      const path = join(world.root, 'var/cache/zypp/raw/updates/repodata/repomd.xml');
      writeFileSync(path, readFileSync(path, 'utf8').slice(0, 300));
      const collection = await world.collect();
      unknown(collection, 'unexpected_output');
      expect(about(collection, 'metadata_complete')).toEqual(['patch_metadata_complete{} 0']);
    });

    test('a folder of packages is a repository too, dated by its last change', async () => {
      const folder = join(world.folder, 'plain');
      mkdirSync(folder);
      writeFileSync(join(folder, 'vim.rpm'), readFileSync(join(packages, 'vim-8.3-1.noarch.rpm')));
      world.enable('plain', `dir:${folder}`, 'type=plaindir');
      world.run('refresh');
      const { samples, problems } = await world.collect();
      expect(problems).toEqual([]);
      const [date] = samples.filter(({ labels }) => labels['repository'] === 'plain');
      expect(Date.now() / 1000 - (date?.value ?? 0)).toBeLessThan(60);
    });

    test('an alias with characters of a path is found in the cache', async () => {
      writeFileSync(
        join(world.root, 'etc/zypp/repos.d/odd.repo'),
        `[obs://x/y z]\nbaseurl=${world.publish('odd', [])}\nenabled=1\nautorefresh=1\n`,
      );
      world.run('refresh');
      expect((await world.collect()).problems).toEqual([]);
    });
  });

  describe('advisories', () => {
    test('without any (Tumbleweed) the number of security updates is unknown, and every update is standard', async () => {
      world.publish('updates', newer);
      world.run('refresh');
      const collection = await world.collect();
      expect(about(collection, 'patches_')).toEqual([
        'patches_held{standard} 0',
        'patches_pending{standard,unknown} 4',
      ]);
      expect(reasons(collection)).toEqual(['unsupported']);
    });

    test('of another repository than that of the distribution do not tell its security updates', async () => {
      world.publish('updates', ['kernel-default-5.14-2']);
      world.enable('other', world.publish('other', ['vim-8.2-1'], updateInfo(notices)));
      world.run('refresh');
      const collection = await world.collect();
      expect(about(collection, '{security')).toEqual([]);
      expect(reasons(collection)).toEqual(['unsupported']);
    });

    test('that cannot be read in the cache still count as zypper lists them, by their own name and without a date', async () => {
      const [info = ''] = globSync(
        join(world.root, 'var/cache/zypp/raw/updates/repodata/*-updateinfo.xml.gz'),
      );
      writeFileSync(info, readFileSync(info).subarray(0, 100));
      const collection = await world.collect();
      expect(reasons(collection)).toEqual(['unexpected_output']);
      expect(counts(collection)).toEqual([
        'patches_pending{security,critical} 1',
        'patches_pending{security,important} 1',
        'patches_pending{security,low} 1',
        'patches_pending{security,moderate} 1',
        'patches_pending{standard,unknown} 6',
      ]);
      expect(about(collection, 'oldest_pending').filter((line) => !line.includes('first_seen'))).toEqual([]);
    });

    test('of a package the repository does not have count by their own name, as zypper says that they are needed', async () => {
      world.publish('updates', newer, updateInfo([{ ...kernelNotice, package: ['vim', '9.0'] }]));
      world.run('refresh');
      const collection = await world.collect();
      expect(about(collection, 'pending{security,important}')).toEqual([
        'patches_pending{security,important} 1',
      ]);
      expect(about(collection, 'oldest_pending_timestamp_seconds{security')).toEqual([
        oldest(`security,important,released} ${kernelNotice.issued}`),
      ]);
    });
  });

  describe('another program and another user', () => {
    test('while another zypper holds the lock root is told so (exit code 7): busy, and nothing is claimed', async () => {
      writeFileSync(join(world.root, 'run/zypp.pid'), String(process.pid));
      const collection = await world.collect();
      unknown(collection, 'repository_locked');
      expect(collection.problems[0]?.message).toMatch(
        /exited with 7: System management is locked by the application with pid \d+.*; the next run asks again$/,
      );
    });

    test('a user without rights reads the same, and is not kept waiting by the lock', async () => {
      const root = await world.collect();
      writeFileSync(join(world.root, 'run/zypp.pid'), String(process.pid));
      const user = await world.collect(undefined, unprivileged);
      expect(user.problems).toEqual([]);
      expect(about(user, 'patches_')).toEqual(about(root, 'patches_'));
    });

    test('a repository whose file a user may not read is not left out without a word, as zypper does with success', async () => {
      chmodSync(join(world.root, 'etc/zypp/repos.d/updates.repo'), 0o600);
      const collection = await world.collect(undefined, unprivileged);
      unknown(collection, 'permission_denied');
      expect(about(collection, 'metadata_complete')).toEqual([]);
    });

    test('metadata that zypper has not made its own cache of are missing for a user, who may not write it', async () => {
      rmSync(join(world.root, 'var/cache/zypp/solv/updates'), { recursive: true });
      unknown(await world.collect(undefined, unprivileged), 'metadata_missing');
    });
  });

  describe('deployments', () => {
    test('one in which one package failed is partial, one in which all failed a failure, and one with a failed scriptlet partial', async () => {
      world.enable('extra', world.publish('extra', ['good-1.0-1', 'badpre-1.0-1', 'badpost-1.0-1']));
      expect(world.run('install', 'badpre').status).toBe(8);
      expect(world.run('install', 'badpost').status).toBe(0);
      expect(world.run('install', 'good').status).toBe(0);
      const collection = await world.collect();
      expect(about(collection, 'deployments_total')).toEqual([
        'patch_deployments_total{failure} 1',
        'patch_deployments_total{partial} 1',
        'patch_deployments_total{pending_reboot} 0',
        'patch_deployments_total{success} 2',
      ]);
      const records = await evidence(world);
      expect(records.map(({ outcome }) => outcome).toSorted()).toEqual([
        'failure',
        'partial',
        'success',
        'success',
      ]);
      expect(records.find(({ outcome }) => outcome === 'failure')?.details).toMatchObject({
        command: expect.stringContaining("'install' 'badpre'"),
        packages: [{ name: 'badpre.noarch', to: '1.0-1', failed: true }],
      });
      expect(about(await world.collect(), 'deployments_total')).toEqual(
        about(collection, 'deployments_total'),
      );
    });

    test('that stopped half-way at a failed package are partial', async () => {
      build('another', '1.0', { header: 'Requires(pre): good', scriptlet: "%pre -p <lua>\nerror('boom')" });
      world.enable('extra', world.publish('extra', ['good-1.0-1', 'another-1.0-1']));
      expect(world.run('install', 'another').status).toBe(8);
      await world.collect();
      const records = await evidence(world);
      expect(records.find(({ outcome }) => outcome === 'partial')?.details['packages']).toEqual([
        { name: 'good.noarch', to: '1.0-1' },
        { name: 'another.noarch', to: '1.0-1', failed: true },
      ]);
    });

    test('that change nothing are none: dry runs, downloads, what was refused, and repositories', async () => {
      world.run('update', '--dry-run');
      world.run('update', '--download-only');
      world.run('install', 'no-such-package');
      world.run('addrepo', 'dir:/nonexistent', 'x');
      expect(about(await world.collect(), 'deployments_total')).toContain(
        'patch_deployments_total{success} 1',
      );
      expect((await evidence(world)).length).toBe(1);
    });

    test('that remove are deployments without a version to', async () => {
      world.run('remove', 'vim');
      await world.collect();
      const packagesOf = (await evidence(world)).map(({ details }) => details['packages']);
      expect(packagesOf).toContainEqual([{ name: 'vim.noarch', from: '8.1-1' }]);
    });

    test('under way are left out', async () => {
      world.enable('extra', world.publish('extra', ['good-1.0-1', 'slow-1.0-1']));
      world.run('refresh');
      const child = spawn(
        'zypper',
        ['--root', world.root, '--non-interactive', '--no-gpg-checks', 'install', 'good', 'slow'],
        { stdio: 'ignore', detached: true },
      );
      const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
      const history = () => readFileSync(join(world.root, 'var/log/zypp/history'), 'utf8');
      try {
        await expect.poll(history, { timeout: 30_000, interval: 50 }).toContain('|good|');
        expect(about(await world.collect(), 'deployments_total')).toContain(
          'patch_deployments_total{success} 1',
        );
      } finally {
        if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
        await ended;
      }
    });
  });
});
