import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import type { Collection } from '../../collector.ts';
import { localHost } from '../../host.ts';
import { makeAptWorld, paragraph, statusParagraph, type AptWorld } from '../../fixtures/apt-world.ts';
import { apt } from '../apt.ts';

const day = 86_400;
const scratch = mkdtempSync(join(tmpdir(), 'maintenance-apt-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** `name{label="value",...} value`, sorted, without the clock. */
function lines({ samples }: Collection): readonly string[] {
  return samples
    .map(({ name, labels, value }) => `${name}{${Object.values(labels).join(',')}} ${value}`)
    .filter((line) => !line.includes('_timestamp_seconds'))
    .toSorted();
}
const named = ({ samples }: Collection, name: string) => samples.filter((one) => one.name === name);
const reasons = ({ problems }: Collection) => problems.map(({ reason }) => reason);

describe('apt on this host', () => {
  test('as many updates are pending as apt-get itself would install, or none are claimed', async () => {
    const host = localHost({ stateDirectory: join(scratch, 'state-of-this-host') });
    const collection = await apt.collect(host, {});
    const pending = named(collection, 'maintenance_patches_pending');
    if (
      named(collection, 'maintenance_patch_metadata_complete')[0]?.value !== 1 ||
      reasons(collection).length > 0
    ) {
      console.warn(`this host's lists cannot be trusted: ${JSON.stringify(collection.problems)}`);
      expect(pending).toEqual([]);
      return;
    }
    const simulated = execFileSync('apt-get', ['-s', '-o', 'Debug::NoLocking=true', 'dist-upgrade'], {
      encoding: 'utf8',
      env: { ...process.env, LC_ALL: 'C' },
    });
    const installed = simulated.split('\n').filter((line) => /^Inst \S+ \[/.test(line));
    expect(pending.reduce((sum, { value }) => sum + value, 0)).toBe(installed.length);
    const fromSecurity = installed.filter((line) => /-[Ss]ecurity/.test(line));
    expect(pending.find(({ labels }) => labels['class'] === 'security')?.value).toBeGreaterThanOrEqual(
      fromSecurity.length,
    );
  }, 180_000);
});

describe('apt in a world of its own', () => {
  let world: AptWorld;
  beforeEach(async () => {
    world = makeAptWorld(scratch);
    await world.update();
    expect(statSync(join(world.lists, world.listOf('stable'))).size).toBeGreaterThan(0);
  });

  test('pending updates are counted by class; a masked security update is one; a new package is none', async () => {
    expect(lines(await world.collect())).toEqual([
      'maintenance_patch_metadata_complete{apt} 1',
      'maintenance_patches_held{apt,security} 0',
      'maintenance_patches_held{apt,standard} 0',
      'maintenance_patches_pending{apt,security,unknown} 2',
      'maintenance_patches_pending{apt,standard,unknown} 2',
    ]);
  });

  test('everything installed up to date is an explicit 0', async () => {
    world.install({ masked: '1.2', fixed: '1.1', ordinary: '1.1', 'libstdc++6': '1:1.1' });
    const collection = await world.collect();
    expect(collection.problems).toEqual([]);
    expect(lines(collection)).toContain('maintenance_patches_pending{apt,security,unknown} 0');
    expect(lines(collection)).toContain('maintenance_patches_pending{apt,standard,unknown} 0');
    expect(named(collection, 'maintenance_patch_oldest_pending_timestamp_seconds')).toEqual([]);
  });

  test('a held package is not pending but held, and a hold without an update is nothing', async () => {
    world.install({ fixed: '1.0', ordinary: '1.0', masked: '1.2' }, ['fixed', 'masked']);
    expect(lines(await world.collect())).toEqual([
      'maintenance_patch_metadata_complete{apt} 1',
      'maintenance_patches_held{apt,security} 1',
      'maintenance_patches_held{apt,standard} 0',
      'maintenance_patches_pending{apt,security,unknown} 0',
      'maintenance_patches_pending{apt,standard,unknown} 1',
    ]);
    expect(named(await world.collect(), 'maintenance_patch_oldest_held_timestamp_seconds')).toEqual([
      expect.objectContaining({ labels: { manager: 'apt', class: 'security', basis: 'first_seen' } }),
    ]);
  });

  test('a hold does not make an update younger', async () => {
    const start = Date.now() / 1000;
    await world.collect(start);
    world.install({ fixed: '1.0' }, ['fixed']);
    await world.collect(start + 10 * day);
    world.install({ fixed: '1.0' });
    expect(oldest(await world.collect(start + 20 * day), 'security')).toBe(Math.floor(start));
  });

  test('a newer version of a pending update does not make it younger; a new security update starts its own clock', async () => {
    const start = Date.now() / 1000;
    world.install({ ordinary: '1.0' });
    expect(oldest(await world.collect(start), 'standard')).toBe(Math.floor(start));
    world.publish('stable', { ordinary: '1.2' });
    await world.update();
    expect(oldest(await world.collect(start + 5 * day), 'standard')).toBe(Math.floor(start));
    world.publish('stable-security', { ordinary: '1.1.1' });
    await world.update();
    const turned = await world.collect(start + 9 * day);
    expect(oldest(turned, 'standard')).toBeUndefined();
    expect(oldest(turned, 'security')).toBe(Math.floor(start + 9 * day));
  });

  test('a version that waited as a standard update and turns out to be a security update keeps its age', async () => {
    const start = Date.now() / 1000;
    world.install({ ordinary: '1.0' });
    await world.collect(start);
    world.publish('stable-security', { ordinary: '1.1' });
    await world.update();
    expect(oldest(await world.collect(start + 9 * day), 'security')).toBe(Math.floor(start));
  });

  test('lists that were removed make everything unknown, never 0', async () => {
    for (const file of readdirSync(world.lists)) rmSync(join(world.lists, file), { recursive: true });
    const collection = await world.collect();
    expect(lines(collection)).toEqual(['maintenance_patch_metadata_complete{apt} 0']);
    expect(reasons(collection)).toEqual(['metadata_missing']);
    expect(collection.problems[0]?.message).toMatch(
      /repository stable, \S+ stable-security; run: apt-get update$/,
    );
  });

  test('one list that was removed makes everything unknown and is the only one named', async () => {
    rmSync(join(world.lists, world.listOf('stable-security')));
    const collection = await world.collect();
    expect(lines(collection)).toEqual(['maintenance_patch_metadata_complete{apt} 0']);
    expect(collection.problems[0]?.message).toMatch(/^no usable package lists of \S+ stable-security;/);
  });

  test('a source that was added but never fetched makes everything unknown and is named without its password', async () => {
    world.configure([
      ...world.sources,
      'deb https://user:secret@updates.invalid/debian_x stable/updates main',
    ]);
    const collection = await world.collect();
    expect(lines(collection)).toEqual(['maintenance_patch_metadata_complete{apt} 0']);
    expect(collection.problems).toEqual([
      {
        reason: 'metadata_missing',
        message: 'no usable package lists of updates.invalid/debian_x stable/updates; run: apt-get update',
      },
    ]);
  });

  test.each([
    ['no source', []],
    ['only source code', ['deb-src [trusted=yes] file:REPOSITORY stable main']],
    ['only a CD', ['deb cdrom:[Debian 12 _Bookworm_]/ bookworm main']],
  ])('%s configured means unknown, not up to date', async (_, sources) => {
    world.configure(sources);
    const collection = await world.collect();
    expect(lines(collection)).toEqual(['maintenance_patch_metadata_complete{apt} 0']);
    expect(reasons(collection)).toEqual(['metadata_missing']);
  });

  test('a CD that stayed in the sources after the installation changes nothing', async () => {
    const before = await world.collect();
    world.configure([...world.sources, 'deb cdrom:[Debian 12 _Bookworm_]/ bookworm main']);
    expect(lines(await world.collect())).toEqual(lines(before));
  });

  test.each([
    ['empty', ''],
    ['cut off', 'Package: masked\nVersion: 1.1\n'],
  ])(
    'a list that is %s is no list: apt-get sees no update in it, and apt-get update does not fetch it again',
    async (_, content) => {
      world.configure(world.sources.map((line) => line.replace('file:', 'copy:')));
      await world.update();
      expect(reasons(await world.collect())).toEqual([]);
      const list = join(world.lists, world.listOf('stable-security'));
      writeFileSync(list, content);
      expect((await world.update()).exitCode).toBe(0);
      expect(statSync(list).size).toBe(content.length);
      const collection = await world.collect();
      expect(lines(collection)).toEqual(['maintenance_patch_metadata_complete{apt} 0']);
      expect(collection.problems).toEqual([
        { reason: 'metadata_missing', message: expect.stringContaining('are not as long as') },
      ]);
    },
  );

  test('lists past their Valid-Until make everything unknown', async () => {
    const now = Date.now() / 1000;
    world.publish('stable-security', {}, { validUntil: now + 7 * day });
    await world.update();
    expect(reasons(await world.collect(now + 6 * day))).toEqual([]);
    const collection = await world.collect(now + 8 * day);
    expect(lines(collection)).toEqual(['maintenance_patch_metadata_complete{apt} 1']);
    expect(reasons(collection)).toEqual(['metadata_stale']);
    expect(collection.problems[0]?.message).toMatch(/stable-security are past/);
  });

  test('the age of the lists is the date in the Release file, whatever the time of the file', async () => {
    const dates = named(await world.collect(), 'maintenance_patch_metadata_timestamp_seconds');
    expect(dates.map(({ labels, value }) => [labels['repository'], value])).toEqual([
      [`${world.repository} stable`, world.published],
      [`${world.repository} stable-security`, world.published],
    ]);
  });

  test('a foreign architecture the repository does not serve is no gap', async () => {
    world.configure(world.sources, ['APT::Architectures { "amd64"; "i386"; };']);
    expect(lines(await world.collect())).toContain('maintenance_patch_metadata_complete{apt} 1');
  });

  test('a repository that serves only another architecture is a gap', async () => {
    world.publish('other', { x: '1' }, { architectures: 'arm64' });
    world.configure([...world.sources, 'deb [trusted=yes] file:REPOSITORY other main']);
    await world.update();
    expect(lines(await world.collect())).toEqual(['maintenance_patch_metadata_complete{apt} 0']);
  });

  test('a component the repository serves empty is no gap', async () => {
    world.configure(world.sources.map((line) => `${line} contrib`));
    await world.update();
    expect(readdirSync(world.lists).some((file) => file.includes('contrib'))).toBe(false);
    expect(lines(await world.collect())).toContain('maintenance_patch_metadata_complete{apt} 1');
  });

  test('a component the repository does not have is a gap', async () => {
    world.configure(world.sources.map((line) => line.replace(/main$/, 'mian')));
    await world.update();
    expect(lines(await world.collect())).toEqual(['maintenance_patch_metadata_complete{apt} 0']);
  });

  test('lists that are kept compressed are found', async () => {
    world.configure(world.sources, ['Acquire::GzipIndexes "true";']);
    world.publish('stable', {}, { compressed: true });
    world.publish('stable-security', {}, { compressed: true });
    await world.update();
    expect(world.listOf('stable')).toMatch(/Packages\.\w+$/);
    expect(lines(await world.collect())).toContain('maintenance_patches_pending{apt,security,unknown} 2');
  });

  test('a trusted repository without a Release file is used and has no date', async () => {
    mkdirSync(join(world.root, 'flat'));
    writeFileSync(join(world.root, 'flat/Packages'), paragraph('ordinary', '9'));
    world.configure([...world.sources.slice(1), `deb [trusted=yes] file:${world.root}/flat ./`]);
    await world.update();
    const collection = await world.collect();
    expect(lines(collection)).toContain('maintenance_patches_pending{apt,standard,unknown} 1');
    expect(collection.problems).toEqual([]);
    expect(
      named(collection, 'maintenance_patch_metadata_timestamp_seconds').map(
        ({ labels }) => labels['repository'],
      ),
    ).toEqual([`${world.repository} stable-security`]);
  });

  test('without a security source the number of security updates is unknown, not 0', async () => {
    world.configure(world.sources.slice(0, 1));
    await world.update();
    const collection = await world.collect();
    expect(lines(collection)).toEqual([
      'maintenance_patch_metadata_complete{apt} 1',
      'maintenance_patches_held{apt,standard} 0',
      'maintenance_patches_pending{apt,standard,unknown} 3',
    ]);
    expect(reasons(collection)).toEqual(['unsupported']);
  });

  test('a Release file that disappeared leaves nothing to trust', async () => {
    world.configure(world.sources.map((line) => line.replace('[trusted=yes] ', '')));
    for (const file of readdirSync(world.lists))
      if (file.endsWith('stable-security_Release')) rmSync(join(world.lists, file));
    expect(lines(await world.collect())).toEqual(['maintenance_patch_metadata_complete{apt} 0']);
  });

  test('broken dependencies are reported in the words of apt-get', async () => {
    writeFileSync(world.status, statusParagraph('ordinary', '1.0', 'install', 'Depends: nothing-has-this\n'));
    const collection = await world.collect();
    expect(lines(collection)).toEqual(['maintenance_patch_metadata_complete{apt} 1']);
    expect(collection.problems).toEqual([
      {
        reason: 'tool_failed',
        message: expect.stringMatching(/^apt-get dist-upgrade exited with 100: E: Unmet dependencies/),
      },
    ]);
  });

  test.each(['empty', 'missing'])(
    'a record of installed packages that is %s is not up to date',
    async (how) => {
      if (how === 'empty') writeFileSync(world.status, '');
      else rmSync(world.status);
      await expect(world.collect()).rejects.toMatchObject({ reason: 'source_missing' });
    },
  );

  test('damaged memory is reported once, the facts are still there, and so are the ages of one change before', async () => {
    const start = Date.now() / 1000;
    await world.collect(start);
    world.publish('stable', { ordinary: '1.2' });
    await world.update();
    await world.collect(start + day);
    writeFileSync(join(world.root, 'memory/apt-offers.json'), '{"ordinary": {"pend');
    const collection = await world.collect(start + 2 * day);
    expect(reasons(collection)).toEqual(['state_unreadable']);
    expect(lines(collection)).toContain('maintenance_patches_pending{apt,security,unknown} 2');
    expect(oldest(collection, 'security')).toBe(Math.floor(start));
    expect(reasons(await world.collect(start + 3 * day))).toEqual([]);
  });

  test('memory that is lost altogether leaves the counts and takes the ages, and says so until the updates are installed', async () => {
    await world.collect();
    writeFileSync(join(world.root, 'memory/apt-offers.json'), '{"ordinary": {"pend');
    const lost = await world.collect();
    expect(reasons(lost)).toEqual(['state_unreadable', 'state_unreadable']);
    expect(lines(lost)).toContain('maintenance_patches_pending{apt,security,unknown} 2');
    expect(oldest(lost, 'security')).toBeUndefined();
    const later = await world.collect();
    expect(reasons(later)).toEqual(['state_unreadable']);
    expect(oldest(later, 'security')).toBeUndefined();
    world.install({ masked: '1.2', fixed: '1.1', ordinary: '1.1', 'libstdc++6': '1:1.1' });
    expect(reasons(await world.collect())).toEqual([]);
  });

  test('an apt configuration file that does not exist is an error, though apt would ignore it', async () => {
    await expect(
      apt.collect(localHost({ stateDirectory: scratch }), { apt_config: join(scratch, 'none') }),
    ).rejects.toMatchObject({ reason: 'source_missing' });
  });
});

function oldest(collection: Collection, wanted: string): number | undefined {
  return named(collection, 'maintenance_patch_oldest_pending_timestamp_seconds').find(
    ({ labels }) => labels['class'] === wanted,
  )?.value;
}
