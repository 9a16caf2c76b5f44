import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { CollectorError, type Collection, type Host } from '../../collector.ts';
import { readEvidence } from '../../evidence.ts';
import { makeAptWorld, type AptWorld } from '../../fixtures/apt-world.ts';

// apt-get and dpkg really install, into an installation of their own.
const scratch = mkdtempSync(join(tmpdir(), 'apt-transactions-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** Outcomes that were counted at all. */
const totals = ({ samples }: Collection) =>
  samples.flatMap(({ name, labels, value }) =>
    name === 'maintenance_patch_deployments_total' && value > 0 ? [`${labels['outcome']} ${value}`] : [],
  );
const reasons = ({ problems }: Collection) => problems.map(({ reason }) => reason);
/** Later than anything the file system can have written by now. */
const soon = () => Date.now() / 1000 + 10;

describe('a transaction', () => {
  let world: AptWorld;
  const evidence = async () => {
    const { records, damage } = await readEvidence(join(world.root, 'memory'));
    expect(damage).toEqual([]);
    return records;
  };
  const install = (...packages: string[]) => world.run('apt-get', '-y', 'install', ...packages);
  const history = () => readFileSync(join(world.root, 'log/history.log'), 'utf8');

  beforeEach(async () => {
    world = makeAptWorld(scratch);
    world.install({});
    await world.update();
    await install(await world.build('good', '1.0'));
  });

  test('that succeeds is a success, with evidence, and counted once', async () => {
    expect(totals(await world.collect())).toEqual(['success 1']);
    expect(totals(await world.collect(soon()))).toEqual(['success 1']);
    expect(totals(await world.collect(soon()))).toEqual(['success 1']);
    expect(await evidence()).toEqual([
      expect.objectContaining({
        kind: 'patch_deployment',
        outcome: 'success',
        tool: 'apt',
        source: join(world.root, 'log/history.log'),
        details: expect.objectContaining({
          command: expect.stringMatching(/^apt-get -y install \S+good_1\.0\.deb$/),
          packages: [{ name: 'good', to: '1.0' }],
        }),
      }),
    ]);
  });

  test('in which one package fails is partial: the other was upgraded, and says so', async () => {
    const files = [await world.build('good', '2.0'), await world.build('bad', '1.0', 'exit 1')];
    const { exitCode, stderr } = await install(...files);
    expect([exitCode, stderr]).toEqual([100, expect.stringContaining('returned an error code (1)')]);
    expect(history()).toContain('Error: Sub-process /usr/bin/dpkg returned an error code (1)');
    const collection = await world.collect();
    expect(totals(collection)).toEqual(['success 1', 'partial 1']);
    expect((await evidence()).at(-1)).toMatchObject({
      outcome: 'partial',
      details: {
        packages: [
          { name: 'bad', to: '1.0', failed: true },
          { name: 'good', from: '1.0', to: '2.0' },
        ],
      },
    });
    expect(collection.problems).toEqual([
      {
        reason: 'tool_failed',
        message:
          'dpkg began with bad (half-configured) and did not finish; run: dpkg --configure -a && apt-get --fix-broken install',
      },
    ]);
  });

  test('in which every package fails is a failure', async () => {
    await install(await world.build('bad', '1.0', 'exit 1'));
    expect(totals(await world.collect())).toEqual(['success 1', 'failure 1']);
    expect((await evidence()).at(-1)).toMatchObject({ outcome: 'failure' });
  });

  test('that removes what is broken ends the problem', async () => {
    await install(await world.build('bad', '1.0', 'exit 1'));
    expect(reasons(await world.collect(soon()))).toEqual(['tool_failed']);
    await world.run('apt-get', '-y', 'purge', 'bad');
    const collection = await world.collect(soon());
    expect(reasons(collection)).toEqual([]);
    expect(totals(collection)).toEqual(['success 2', 'failure 1']);
    expect((await evidence()).at(-1)).toMatchObject({
      outcome: 'success',
      details: { packages: [{ name: 'bad', from: '1.0' }] },
    });
  });

  test('that is only played leaves no deployment, whoever plays', async () => {
    const file = await world.build('good', '2.0');
    await world.run('apt-get', '-s', '-y', 'install', file);
    await world.run('apt-get', '-y', '--download-only', 'install', file);
    expect(totals(await world.collect())).toEqual(['success 1']);
  });

  test('that the resolver refuses is none, and apt writes nothing about it', async () => {
    const { exitCode } = await install('no-such-package');
    expect(exitCode).toBe(100);
    expect(totals(await world.collect())).toEqual(['success 1']);
  });

  test('that could not be recorded, the disk being full, is recorded when it can be, though nothing changed since', async () => {
    const full = (host: Host): Host => ({
      ...host,
      evidence: async () => Promise.reject(new CollectorError('state_unwritable', 'no space left')),
    });
    expect(totals(await world.collect(soon()))).toEqual(['success 1']);
    await install(await world.build('good', '2.0'));
    const failed = await world.collect(soon(), full);
    expect([totals(failed), reasons(failed)]).toEqual([['success 1'], ['state_unwritable']]);
    const healed = await world.collect(soon());
    expect([totals(healed), reasons(healed)]).toEqual([['success 2'], []]);
    expect(await evidence()).toHaveLength(2);
  });

  test.each([
    ['is cut off', '{"sha256":"0', ['state_unreadable']],
    ['is of another shape', 'other', ['state_unreadable']],
  ])(
    'is counted anew from the logs when the ledger %s, though nothing changed since',
    async (_, damage, expected) => {
      await install(await world.build('good', '2.0'));
      await world.collect(soon());
      const name = 'apt-deployments';
      const first = world.host();
      if (damage === 'other') await first.state.write(name, { format: 1, recorded: { x: 7 } });
      else {
        await first.state.write(name, { format: 1, recorded: {}, totals: {}, last: {} });
        writeFileSync(join(world.root, `memory/${name}.json`), damage);
        writeFileSync(join(world.root, `memory/${name}.previous.json`), damage);
      }
      const told = await world.collect(soon());
      expect([totals(told), reasons(told)]).toEqual([['success 2'], expected]);
      const later = await world.collect(soon());
      expect([totals(later), reasons(later)]).toEqual([['success 2'], []]);
    },
  );
});

describe('apt-mark', () => {
  test('hold takes a real package from pending to held, and unhold back, with its age', async () => {
    const world = makeAptWorld(scratch);
    world.install({});
    await world.update();
    await world.run('apt-get', '-y', 'install', await world.build('fixed', '1.0'));
    const counts = async (now: number) => {
      const { samples } = await world.collect(now);
      return samples
        .filter(({ name, labels }) => /_pending|_held/.test(name) && labels['class'] === 'security')
        .map(({ name, value }) => `${name.replace('maintenance_', '')} ${value}`);
    };
    const start = Math.floor(soon());
    const pending = [
      'patches_pending 1',
      `patch_oldest_pending_timestamp_seconds ${start}`,
      'patches_held 0',
    ];
    expect(await counts(start)).toEqual(pending);
    expect((await world.run('apt-mark', 'hold', 'fixed')).exitCode).toBe(0);
    expect(await counts(start + 86_400)).toEqual([
      'patches_pending 0',
      'patches_held 1',
      `patch_oldest_held_timestamp_seconds ${start}`,
    ]);
    await world.run('apt-mark', 'unhold', 'fixed');
    expect(await counts(start + 2 * 86_400)).toEqual(pending);
  });
});
