import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { constantFrom, sample as samplesOf, string, tuple } from 'fast-check';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import type { Collection } from '../../collector.ts';
import { readEvidence } from '../../evidence.ts';
import { localHost } from '../../host.ts';
import { pacman } from '../pacman.ts';
import { compareVersions } from '../versions/pacman.ts';

/** Debian has pacman itself; where this is Debian it must be there (deploy/packages.ts). */
const expected = existsSync('/etc/debian_version') || spawnSync('pacman', ['--version']).status === 0;
const scratch = mkdtempSync(join(tmpdir(), 'maintenance-pacman-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

function lines({ samples }: Collection): readonly string[] {
  return samples
    .filter(({ name }) => !name.endsWith('_timestamp_seconds'))
    .map(({ name, labels, value }) => `${name}{${Object.values(labels).join(',')}} ${value}`);
}
const reasons = ({ problems }: Collection) =>
  problems.map(({ reason }) => reason).filter((reason) => reason !== 'unsupported');
const pending = (collection: Collection) =>
  collection.samples.filter(({ name }) => name === 'maintenance_patches_pending');

describe.runIf(expected)('pacman in a world of its own (needs pacman)', () => {
  let world: World;
  beforeEach(() => {
    world = makeWorld();
    world.publish('core', { alpha: '1.0-1', beta: '1.0-1' }, 1_760_000_000);
    world.publish('extra', { gamma: '1:1.0-1' }, 1_765_000_000);
    world.pacman('-Sy', 'alpha', 'beta', 'gamma');
  });

  test('nothing newer is an explicit 0, and each database is as old as its newest package', async () => {
    const collection = await world.collect();
    expect(reasons(collection)).toEqual([]);
    expect(lines(collection)).toContain('maintenance_patches_pending{pacman,standard,unknown} 0');
    expect(lines(collection)).toContain('maintenance_patch_metadata_complete{pacman} 1');
    expect(
      collection.samples
        .filter(({ name }) => name === 'maintenance_patch_metadata_timestamp_seconds')
        .map(({ labels, value }) => [labels['repository'], value]),
    ).toEqual([
      ['core', 1_760_000_000],
      ['extra', 1_765_000_000],
    ]);
  });

  test('what pacman would install is pending, what it ignores is held', async () => {
    world.publish('core', { alpha: '1.1-1', beta: '1.1-1', brandnew: '1-1' });
    world.pacman('-Sy');
    world.configure('IgnorePkg = beta');
    expect(lines(await world.collect())).toEqual(
      expect.arrayContaining([
        'maintenance_patches_pending{pacman,standard,unknown} 1',
        'maintenance_patches_held{pacman,standard} 1',
      ]),
    );
  });

  test('a database that was never fetched makes pending unknown, never 0 (pacman.sh says 0 on error)', async () => {
    world.publish('core', { alpha: '1.1-1', beta: '1.0-1' });
    rmSync(join(world.root, 'var/lib/pacman/sync/core.db'));
    const said = spawnSync('pacman', ['--config', world.config, '-Qu'], { encoding: 'utf8' });
    expect([said.status, said.stdout]).toEqual([1, '']);
    const collection = await world.collect();
    expect(pending(collection)).toEqual([]);
    expect(lines(collection)).toContain('maintenance_patch_metadata_complete{pacman} 0');
    expect(reasons(collection)).toEqual(['metadata_missing']);
  });

  test('a database that is damaged makes pending unknown, never 0 (pacman.sh says 0 on error)', async () => {
    writeFileSync(join(world.root, 'var/lib/pacman/sync/core.db'), 'an error page of a proxy');
    const collection = await world.collect();
    expect(pending(collection)).toEqual([]);
    expect(reasons(collection)).toEqual(['unexpected_output']);
  });

  test('stale databases show old updates, so a fresh copy is asked where one is configured', async () => {
    world.publish('core', { alpha: '1.1-1', beta: '1.0-1' });
    expect(lines(await world.collect())).toContain('maintenance_patches_pending{pacman,standard,unknown} 0');
    // What checkupdates does: its own folder, with a link to the installed packages.
    const copy = join(world.root, 'checkup-db');
    mkdirSync(copy);
    symlinkSync(join(world.root, 'var/lib/pacman/local'), join(copy, 'local'));
    execFileSync('pacman', ['--config', world.config, '--dbpath', copy, '-Sy', '--logfile', '/dev/null'], {
      stdio: 'ignore',
    });
    expect(lines(await world.collect({ database: copy }))).toContain(
      'maintenance_patches_pending{pacman,standard,unknown} 1',
    );
  });

  test('no installed package at all is no host without updates', async () => {
    rmSync(join(world.root, 'var/lib/pacman/local'), { recursive: true });
    mkdirSync(join(world.root, 'var/lib/pacman/local'));
    writeFileSync(join(world.root, 'var/lib/pacman/local/ALPM_DB_VERSION'), '9\n');
    const collection = await world.collect();
    expect(pending(collection)).toEqual([]);
    expect(reasons(collection)).toEqual(['source_missing']);
  });

  test('an upgrade is one deployment with its versions; a sync, a simulation and nothing to do are none', async () => {
    world.publish('core', { alpha: '1.1-1', beta: '1.1-1' });
    world.pacman('-Sy');
    world.pacman('-Su', '--print');
    world.pacman('-Su');
    world.pacman('-Su');
    const collection = await world.collect();
    expect(lines(collection)).toEqual(
      expect.arrayContaining([
        'maintenance_patch_deployments_total{pacman,success} 2',
        'maintenance_patch_deployments_total{pacman,failure} 0',
      ]),
    );
    const { records } = await readEvidence(world.state);
    expect(records.map(({ details }) => details['packages'])).toEqual([
      [
        { name: 'alpha', to: '1.0-1' },
        { name: 'beta', to: '1.0-1' },
        { name: 'gamma', to: '1:1.0-1' },
      ],
      [
        { name: 'alpha', from: '1.0-1', to: '1.1-1' },
        { name: 'beta', from: '1.0-1', to: '1.1-1' },
      ],
    ]);
    expect(records[1]?.details['command']).toContain('-Su');
  });

  test('a script of a package that fails makes it partial, although pacman calls it completed and ends with 0', async () => {
    world.publish('core', { alpha: '1.1-1', beta: '1.0-1' }, undefined, 'post_upgrade() { false; }\n');
    expect(world.pacman('-Syu')).toBe(0);
    expect(lines(await world.collect())).toContain('maintenance_patch_deployments_total{pacman,partial} 1');
  });

  test('a transaction that fails is no success', async () => {
    world.publish('core', { alpha: '1.1-1', beta: '1.0-1' });
    mkdirSync(join(world.root, 'hooks'), { recursive: true });
    writeFileSync(
      join(world.root, 'hooks/stop.hook'),
      '[Trigger]\nOperation = Upgrade\nType = Package\nTarget = *\n\n[Action]\nWhen = PreTransaction\nExec = /bin/false\nAbortOnFail\n',
    );
    expect(world.pacman('-Syu')).toBe(1);
    const collection = await world.collect();
    expect(lines(collection)).toContain('maintenance_patch_deployments_total{pacman,success} 1');
    expect(lines(collection)).toContain('maintenance_patches_pending{pacman,standard,unknown} 1');
  });

  test('versions are ordered as libalpm orders them', () => {
    const piece = string({
      unit: constantFrom('0', '0', '1', '9', 'a', 'Z', 'rc', '.', '.', '_', '+'),
      minLength: 1,
      maxLength: 6,
    });
    const version = tuple(constantFrom('', '1:', '0:'), piece, constantFrom('-1', '-2', '-1.1'));
    const pairs = samplesOf(tuple(version, version), { numRuns: 400, seed: 11 }).map(
      ([a, b]) => [a.join(''), b.join('')] as const,
    );
    const newer = world.newer(pairs);
    expect(pairs.map(([a, b]) => [a, b, compareVersions(b, a) > 0])).toEqual(
      pairs.map(([a, b], at) => [a, b, newer.has(`p${at}`)]),
    );
  });
});

interface World {
  readonly root: string;
  readonly config: string;
  readonly state: string;
  readonly configure: (extra: string) => void;
  /** Makes a repository anew. */
  readonly publish: (
    repository: string,
    versions: Readonly<Record<string, string>>,
    built?: number,
    script?: string,
  ) => void;
  /** Runs pacman as an administrator would. @returns its exit code. */
  readonly pacman: (...args: readonly string[]) => number | null;
  readonly collect: (settings?: Readonly<Record<string, unknown>>) => Promise<Collection>;
  /** Names of the pairs (p0, p1 ...) of which libalpm takes the second version for an upgrade of the first. */
  readonly newer: (pairs: readonly (readonly [string, string])[]) => ReadonlySet<string>;
}

function makeWorld(): World {
  const root = mkdtempSync(join(scratch, 'world-'));
  const config = join(root, 'pacman.conf');
  const state = join(root, 'state');
  let published = Math.floor(Date.now() / 1000) - 86_400;
  for (const folder of ['var/lib/pacman', 'var/log', 'cache'])
    mkdirSync(join(root, folder), { recursive: true });
  const configure = (extra: string) =>
    writeFileSync(
      config,
      [
        '[options]',
        `RootDir = ${root}`,
        `DBPath = ${root}/var/lib/pacman/`,
        `LogFile = ${root}/var/log/pacman.log`,
        `CacheDir = ${root}/cache/`,
        `GPGDir = ${root}/gpg/`,
        `HookDir = ${root}/hooks/`,
        'Architecture = x86_64',
        'SigLevel = Never',
        extra,
        ...['core', 'extra'].flatMap((name) => [`[${name}]`, `Server = file://${root}/${name}`]),
        '',
      ].join('\n'),
    );
  configure('');
  const pack = (folder: string, archive: string) =>
    execFileSync('tar', ['-czf', archive, '-C', folder, ...readdirSync(folder)]);
  const publish: World['publish'] = (repository, versions, built = 1_780_000_000, script) => {
    const folder = join(root, repository);
    const database = mkdtempSync(join(root, 'database-'));
    mkdirSync(folder, { recursive: true });
    for (const [name, version] of Object.entries(versions)) {
      const content = mkdtempSync(join(root, 'package-'));
      const info = { pkgname: name, pkgbase: name, pkgver: version, builddate: built, size: 10, arch: 'any' };
      writeFileSync(
        join(content, '.PKGINFO'),
        Object.entries(info)
          .map(([key, value]) => `${key} = ${value}\n`)
          .join(''),
      );
      if (script !== undefined) writeFileSync(join(content, '.INSTALL'), script);
      mkdirSync(join(content, 'usr/share', name), { recursive: true });
      writeFileSync(join(content, 'usr/share', name, 'version'), version);
      const file = `${name}-${version}-any.pkg.tar.gz`;
      pack(content, join(folder, file));
      const bytes = readFileSync(join(folder, file));
      describePackage(database, name, version, {
        FILENAME: file,
        CSIZE: bytes.length,
        ISIZE: 10,
        MD5SUM: createHash('md5').update(bytes).digest('hex'),
        BUILDDATE: built,
      });
    }
    pack(database, join(folder, `${repository}.db`));
    // pacman fetches only what is newer than what it has.
    published += 60;
    utimesSync(join(folder, `${repository}.db`), published, published);
  };
  return {
    root,
    config,
    state,
    configure,
    publish,
    pacman: (...args) =>
      spawnSync('pacman', ['--config', config, '--noconfirm', ...args], { stdio: 'ignore' }).status,
    collect: (settings = {}) => pacman.collect(localHost({ stateDirectory: state }), { config, ...settings }),
    newer: (pairs) => {
      const databases = join(root, 'pairs');
      const sync = mkdtempSync(join(root, 'database-'));
      for (const [at, [installed, candidate]] of pairs.entries()) {
        describePackage(join(databases, 'local'), `p${at}`, installed, {});
        describePackage(sync, `p${at}`, candidate, { FILENAME: `p${at}.pkg.tar.gz` });
      }
      writeFileSync(join(databases, 'local/ALPM_DB_VERSION'), '9\n');
      mkdirSync(join(databases, 'sync'));
      for (const name of ['core', 'extra']) pack(sync, join(databases, `sync/${name}.db`));
      const { stdout } = spawnSync('pacman', ['--config', config, '--dbpath', databases, '-Qu'], {
        encoding: 'utf8',
      });
      return new Set(stdout.split('\n').map((line) => line.split(' ')[0] ?? ''));
    },
  };
}

/** An entry of a database, local or sync; see alpm-repo-desc(5). */
function describePackage(
  database: string,
  name: string,
  version: string,
  fields: Readonly<Record<string, string | number>>,
): void {
  const folder = join(database, `${name}-${version}`);
  mkdirSync(folder, { recursive: true });
  const all = { NAME: name, VERSION: version, ARCH: 'any', ...fields };
  writeFileSync(
    join(folder, 'desc'),
    Object.entries(all)
      .map(([key, value]) => `%${key}%\n${value}\n\n`)
      .join(''),
  );
  writeFileSync(join(folder, 'files'), '');
}
