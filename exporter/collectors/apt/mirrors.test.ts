import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Collection } from '../../collector.ts';
import { makeAptWorld, type AptWorld } from '../../fixtures/apt-world.ts';
import { localHost } from '../../host.ts';

const scratch = mkdtempSync(join(tmpdir(), 'apt-mirrors-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));
const day = 86_400;

const facts = ({ samples }: Collection) =>
  samples
    .filter(({ name }) => !name.includes('deployment'))
    .map(({ name, labels, value }) => `${name} ${Object.values(labels).join(' ')} ${value}`);
const reasons = ({ problems }: Collection) => problems.map(({ reason }) => reason);
const unknown = ['maintenance_patch_metadata_complete apt 0'];

describe('a mirror', () => {
  let world: AptWorld;
  let server: Server;
  let address: string;

  /** A real web server with the repository. */
  beforeEach(async () => {
    world = makeAptWorld(scratch);
    server = createServer((request, response) => {
      try {
        response.end(readFileSync(join(world.repository, request.url?.replace('/debian/', '') ?? '')));
      } catch {
        response.writeHead(404).end();
      }
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    const at = server.address();
    address = `http://127.0.0.1:${typeof at === 'object' ? at?.port : ''}/debian`;
    world.configure(
      ['stable', 'stable-security'].map((suite) => `deb [trusted=yes] ${address} ${suite} main`),
      ['Acquire::http::Proxy "DIRECT"; Acquire::Retries "0";'],
    );
  });
  const takeDown = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  afterEach(takeDown);

  test('that was never asked makes everything unknown, where apt-get says "0 upgraded" with success', async () => {
    const { exitCode, stdout } = await world.run('apt-get', '-s', 'dist-upgrade');
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining('0 upgraded, 0 newly installed')]);
    const collection = await world.collect();
    expect([facts(collection), reasons(collection)]).toEqual([unknown, ['metadata_missing']]);
  });

  test('that was never reached makes everything unknown, though apt-get update returns 0', async () => {
    await takeDown();
    const { exitCode, stderr } = await world.update();
    expect([exitCode, stderr]).toEqual([0, expect.stringContaining('Some index files failed to download')]);
    const collection = await world.collect();
    expect([facts(collection), reasons(collection)]).toEqual([unknown, ['metadata_missing']]);
  });

  test('that is down changes nothing: apt-get update returns 0, and the date of the lists stays the publisher’s', async () => {
    expect((await world.update()).exitCode).toBe(0);
    const before = await world.collect();
    expect(facts(before)).toContain('maintenance_patches_pending apt security unknown 2');
    await takeDown();
    expect((await world.update()).exitCode).toBe(0);
    const after = await world.collect();
    expect(facts(after)).toEqual(facts(before));
    expect(
      facts(after).filter((line) => line.startsWith('maintenance_patch_metadata_timestamp_seconds')),
    ).toEqual(
      ['stable', 'stable-security'].map(
        (suite) =>
          `maintenance_patch_metadata_timestamp_seconds apt ${address.replace('http://', '')} ${suite} ${world.published}`,
      ),
    );
  });

  test('that is down for longer than its lists are valid makes everything unknown, without any change on disk', async () => {
    const now = Date.now() / 1000;
    world.publish('stable-security', {}, { validUntil: now + 7 * day });
    await world.update();
    await takeDown();
    await world.update();
    expect(reasons(await world.collect(now + 6 * day))).toEqual([]);
    const collection = await world.collect(now + 8 * day);
    expect(reasons(collection)).toEqual(['metadata_stale']);
    expect(facts(collection).filter((line) => /pending|held/.test(line))).toEqual([]);
  });

  test('that lost a suite: apt-get update fails, the old lists stay, and so do their dates', async () => {
    await world.update();
    const before = await world.collect();
    rmSync(join(world.repository, 'dists/stable-security'), { recursive: true });
    const { exitCode } = await world.update();
    const after = await world.collect();
    expect(exitCode).toBe(100);
    expect(facts(after)).toEqual(facts(before));
  });

  test('that is reached for one suite of two is a gap: update-success-stamp would be touched', async () => {
    rmSync(join(world.repository, 'dists/stable-security'), { recursive: true });
    await world.update();
    expect(world.listOf('stable')).not.toBe('');
    const collection = await world.collect();
    expect(reasons(collection)).toEqual(['metadata_missing']);
    expect(facts(collection)).toContain('maintenance_patch_metadata_complete apt 0');
    expect(facts(collection).filter((line) => /pending|held/.test(line))).toEqual([]);
  });

  test('that was taken out of the sources is no gap; its lists go, and its updates with them', async () => {
    await world.update();
    await world.collect();
    world.configure([`deb [trusted=yes] ${address} stable main`], ['Acquire::http::Proxy "DIRECT";']);
    await world.update();
    expect(world.listOf('stable-security')).toBe('');
    const collection = await world.collect();
    expect(reasons(collection)).toEqual(['unsupported']);
    expect(facts(collection).filter((line) => line.includes('security'))).toEqual([]);
  });
});

describe('age', () => {
  /** A run of an exporter that was started just before. */
  const restarted = (world: AptWorld, now: number) =>
    world.collect(now, () => ({
      ...localHost({ stateDirectory: join(world.root, 'memory') }),
      now: () => now,
    }));
  const oldest = ({ samples }: Collection) =>
    samples
      .filter(({ name }) => name === 'maintenance_patch_oldest_pending_timestamp_seconds')
      .map(({ labels, value }) => `${labels['class']} ${labels['basis']} ${value}`);
  const remembered = (world: AptWorld) => readFileSync(join(world.root, 'memory/apt-offers.json'), 'utf8');

  test('a security update that is superseded twice in 70 days keeps its true age, with a restart before every run', async () => {
    const world = makeAptWorld(scratch);
    world.install({ fixed: '1.0' });
    await world.update();
    const start = Math.floor(Date.now() / 1000) + 10;
    for (let at = 0; at <= 70; at += 5) {
      // oxlint-disable-next-line no-await-in-loop -- day after day
      if (at === 25) world.publish('stable-security', { fixed: '1.2' });
      if (at === 50) world.publish('stable-security', { fixed: '1.3' });
      // oxlint-disable-next-line no-await-in-loop -- day after day
      await world.update();
      // oxlint-disable-next-line no-await-in-loop -- day after day
      const collection = await restarted(world, start + at * day);
      expect([at, oldest(collection), reasons(collection)]).toEqual([
        at,
        [`security first_seen ${start}`],
        [],
      ]);
    }
  });

  test('the first run after an upgrade forgets what was installed, and a later update starts its own clock', async () => {
    const world = makeAptWorld(scratch);
    await world.update();
    const start = Math.floor(Date.now() / 1000) + 10;
    await restarted(world, start);
    expect(remembered(world)).toContain('fixed\\t1.1');
    world.install({ masked: '1.2', fixed: '1.1', ordinary: '1.1', 'libstdc++6': '1:1.1' });
    const upgraded = await restarted(world, start + day);
    expect(oldest(upgraded)).toEqual([]);
    expect(remembered(world)).not.toContain('\\t');
    world.publish('stable-security', { fixed: '1.2' });
    await world.update();
    expect(oldest(await restarted(world, start + 2 * day))).toEqual([
      `security first_seen ${start + 2 * day}`,
    ]);
  });

  test('an upgrade to a version that is itself superseded leaves only the later one waiting', async () => {
    const world = makeAptWorld(scratch);
    world.install({ fixed: '1.0' });
    await world.update();
    const start = Math.floor(Date.now() / 1000) + 10;
    await restarted(world, start);
    world.publish('stable-security', { fixed: '1.2' });
    await world.update();
    expect(oldest(await restarted(world, start + 30 * day))).toEqual([`security first_seen ${start}`]);
    world.install({ fixed: '1.1' });
    expect(oldest(await restarted(world, start + 31 * day))).toEqual([
      `security first_seen ${start + 30 * day}`,
    ]);
  });
});
