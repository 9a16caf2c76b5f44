import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import type { Collection, Host } from '../../collector.ts';
import { localHost } from '../../host.ts';
import { flatpak } from '../flatpak.ts';

/** Debian has flatpak; where this is Debian it must be there (deploy/packages.ts). */
const expected = existsSync('/etc/debian_version') || spawnSync('flatpak', ['--version']).status === 0;
const scratch = mkdtempSync(join(tmpdir(), 'maintenance-flatpak-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const lines = ({ samples }: Collection) =>
  samples.map(({ name, labels, value }) => `${name}{${Object.values(labels).join(',')}} ${value}`);
const pending = (collection: Collection) =>
  lines(collection).filter((line) => line.startsWith('maintenance_patches_pending'));
const reasons = ({ problems }: Collection) => problems.map(({ reason }) => reason);

describe.runIf(expected)('flatpak with a repository of its own (needs flatpak)', () => {
  let world: World;
  beforeEach(() => {
    world = makeWorld();
    world.publish('1');
    world.flatpak('remote-add', '--system', '--no-gpg-verify', 'local', `file://${world.repository}`);
    world.flatpak('install', '--system', '-y', '--noninteractive', 'local', 'org.test.App');
  });

  test('nothing newer is an explicit 0', async () => {
    const collection = await world.collect();
    expect(reasons(collection)).toEqual([]);
    expect(pending(collection)).toEqual(['maintenance_patches_pending{flatpak,application,unknown} 0']);
    expect(lines(collection)).toContain('maintenance_patch_metadata_complete{flatpak} 1');
  });

  test('an application and its runtime wait; a masked one is held; an update ends both', async () => {
    world.publish('2');
    expect(pending(await world.collect())).toEqual([
      'maintenance_patches_pending{flatpak,application,unknown} 2',
    ]);
    world.flatpak('mask', '--system', 'org.test.App');
    expect(lines(await world.collect())).toEqual(
      expect.arrayContaining([
        'maintenance_patches_pending{flatpak,application,unknown} 1',
        'maintenance_patches_held{flatpak,application} 1',
      ]),
    );
    world.flatpak('mask', '--system', '--remove', 'org.test.App');
    world.flatpak('update', '--system', '-y', '--noninteractive');
    expect(pending(await world.collect())).toEqual([
      'maintenance_patches_pending{flatpak,application,unknown} 0',
    ]);
  });

  test('a commit that another replaces keeps its age, until it is installed', async () => {
    world.publish('2');
    const start = Math.floor(Date.now() / 1000);
    await world.collect(start);
    world.publish('3');
    const oldest =
      'maintenance_patch_oldest_pending_timestamp_seconds{flatpak,application,unknown,first_seen}';
    expect(lines(await world.collect(start + 86_400))).toContain(`${oldest} ${start}`);
    world.flatpak('update', '--system', '-y', '--noninteractive');
    world.publish('4');
    expect(lines(await world.collect(start + 2 * 86_400))).toContain(`${oldest} ${start + 2 * 86_400}`);
  });

  test('a remote that is down makes pending unknown, not 0', async () => {
    renameSync(world.repository, `${world.repository}.gone`);
    const collection = await world.collect();
    expect(pending(collection)).toEqual([]);
    expect(reasons(collection)).toEqual(['tool_failed']);
  });

  test('a disabled remote makes pending unknown, although flatpak lists nothing and ends with 0', async () => {
    world.publish('2');
    world.flatpak('remote-modify', '--system', '--disable', 'local');
    const collection = await world.collect();
    expect(pending(collection)).toEqual([]);
    expect(lines(collection)).toContain('maintenance_patch_metadata_complete{flatpak} 0');
    expect(reasons(collection)).toEqual(['metadata_missing']);
  });

  test('a listing that was never kept is unknown, not 0', async () => {
    const collection = await world.collect(undefined, { cached: true });
    expect(pending(collection)).toEqual([]);
    expect(reasons(collection)).toEqual(['tool_failed']);
  });
});

interface World {
  readonly repository: string;
  /** Makes a commit of the application and of its runtime. */
  readonly publish: (content: string) => void;
  readonly flatpak: (...args: readonly string[]) => void;
  readonly collect: (now?: number, settings?: Readonly<Record<string, unknown>>) => Promise<Collection>;
}

function makeWorld(): World {
  const root = mkdtempSync(join(scratch, 'world-'));
  const repository = join(root, 'repository');
  const env = {
    FLATPAK_SYSTEM_DIR: join(root, 'system'),
    FLATPAK_USER_DIR: join(root, 'user'),
    FLATPAK_CONFIG_DIR: join(root, 'configuration'),
    HOME: join(root, 'home'),
    XDG_DATA_HOME: join(root, 'home/share'),
    XDG_CACHE_HOME: join(root, 'home/cache'),
  };
  mkdirSync(env.HOME);
  const run = (...args: readonly string[]) =>
    void execFileSync('flatpak', args, { env: { ...process.env, ...env }, stdio: 'ignore' });
  const build = (folder: string, metadata: readonly string[], content: string, parts: readonly string[]) => {
    const path = join(root, folder);
    for (const part of parts) {
      mkdirSync(join(path, part), { recursive: true });
      writeFileSync(join(path, part, 'content'), content);
    }
    writeFileSync(join(path, 'metadata'), `${metadata.join('\n')}\n`);
    return path;
  };
  const here = localHost({ stateDirectory: join(root, 'state') });
  return {
    repository,
    publish: (content) => {
      const arch = execFileSync('flatpak', ['--default-arch'], { encoding: 'utf8' }).trim();
      const runtime = `org.test.Platform/${arch}/1`;
      const platform = build(
        'platform',
        ['[Runtime]', 'name=org.test.Platform', `runtime=${runtime}`, `sdk=${runtime}`],
        content,
        ['usr', 'files'],
      );
      const app = build('app', ['[Application]', 'name=org.test.App', `runtime=${runtime}`], content, [
        'files',
        'export',
      ]);
      rmSync(join(app, 'export/content'));
      run('build-export', '--runtime', repository, platform, '1');
      run('build-export', repository, app, 'stable');
    },
    flatpak: run,
    collect: (now, settings = {}) => {
      const host: Host = {
        ...here,
        ...(now === undefined ? {} : { now: () => now }),
        run: (tool, args, options = {}) =>
          here.run(tool, args, { ...options, env: { ...options.env, ...env } }),
      };
      return flatpak.collect(host, settings);
    },
  };
}
