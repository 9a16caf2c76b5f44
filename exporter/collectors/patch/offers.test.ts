import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { localHost } from '../../host.ts';
import { replay } from '../../replay.ts';
import { compareVersions } from '../versions/debian.ts';
import { type Offer, rememberOffers } from './offers.ts';
import { patchSamples } from './samples.ts';

const start = 1_795_000_000;
const day = 86_400;
const scratch = mkdtempSync(join(tmpdir(), 'offers-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const fix = (version: string, more: Partial<Offer> = {}): Offer => ({
  name: 'openssl',
  version,
  class: 'security',
  severity: 'unknown',
  ...more,
});

/** A host whose exporter starts anew for every run; only the files in `directory` survive. */
function host(directory: string, now: number) {
  return { ...localHost({ stateDirectory: directory }), now: () => now };
}

const memory = (installed: string) => ({
  manager: 'apt',
  outstanding: (_: string, version: string) => compareVersions(version, installed) > 0,
});

async function oldest(directory: string, now: number, installed: string, offers: readonly Offer[]) {
  const remembered = await rememberOffers(host(directory, now), offers, memory(installed));
  const samples = patchSamples(remembered, { manager: 'apt', classes: ['security', 'standard'] });
  const age = samples.find(({ name }) => name === 'maintenance_patch_oldest_pending_timestamp_seconds');
  return { value: age?.value, basis: age?.labels['basis'], problems: remembered.problems };
}

describe('an update that is superseded twice over 70 days', () => {
  const world = () => mkdtempSync(join(scratch, 'world-'));
  /** What the lists offer on each day: only the newest version, as archives do. */
  const listed = (today: number) => (today < 20 ? '1.1' : today < 50 ? '1.2' : '1.3');

  test('keeps its true age, across a restart before every run', async () => {
    const directory = world();
    for (let today = 0; today <= 70; today += 1) {
      const now = start + today * day;
      // oxlint-disable-next-line no-await-in-loop -- one day after the other
      expect(await oldest(directory, now, '1.0', [fix(listed(today))])).toEqual({
        value: start,
        basis: 'first_seen',
        problems: [],
      });
    }
  });

  test('counts since the package manager itself knows of it, where that is earlier than its first sight', async () => {
    const directory = world();
    const known = start - 9 * day;
    expect(await oldest(directory, start, '1.0', [fix('1.1', { known })])).toMatchObject({
      value: known,
      basis: 'first_seen',
    });
    expect((await oldest(directory, start + 20 * day, '1.0', [fix('1.2')])).value).toBe(known);
    const released = start - 30 * day;
    expect(await oldest(world(), start, '1.0', [fix('1.1', { known, released })])).toMatchObject({
      value: released,
      basis: 'released',
    });
  });

  test('keeps the release date of the first fix, which the lists no longer name', async () => {
    const directory = world();
    await oldest(directory, start, '1.0', [fix('1.1', { released: start - 9 * day })]);
    await oldest(directory, start + 20 * day, '1.0', [fix('1.2', { released: start + 19 * day })]);
    expect(
      await oldest(directory, start + 70 * day, '1.0', [fix('1.3', { released: start + 50 * day })]),
    ).toEqual({ value: start - 9 * day, basis: 'released', problems: [] });
  });

  test('is as young as the first version that is not installed yet, once the older ones are', async () => {
    const directory = world();
    await oldest(directory, start, '1.0', [fix('1.1')]);
    await oldest(directory, start + 20 * day, '1.0', [fix('1.2')]);
    expect((await oldest(directory, start + 50 * day, '1.1', [fix('1.3')])).value).toBe(start + 20 * day);
    expect((await oldest(directory, start + 51 * day, '1.2', [fix('1.3')])).value).toBe(start + 50 * day);
    expect((await oldest(directory, start + 52 * day, '1.3', [])).value).toBeUndefined();
  });

  test('and installed between two runs: the next version does not inherit its age', async () => {
    const directory = world();
    await oldest(directory, start, '1.0', [fix('1.1')]);
    expect((await oldest(directory, start + 30 * day, '1.1', [fix('1.2')])).value).toBe(start + 30 * day);
  });

  test('a security fix stays one when a later version from another pocket masks it', async () => {
    const directory = world();
    await oldest(directory, start, '1.0', [fix('1.1')]);
    const now = start + 10 * day;
    const remembered = await rememberOffers(
      host(directory, now),
      [fix('1.2', { class: 'standard' })],
      memory('1.0'),
    );
    expect(patchSamples(remembered, { manager: 'apt', classes: ['security', 'standard'] })).toEqual(
      expect.arrayContaining([
        {
          name: 'maintenance_patches_pending',
          labels: { manager: 'apt', class: 'security', severity: 'unknown' },
          value: 1,
        },
        {
          name: 'maintenance_patches_pending',
          labels: { manager: 'apt', class: 'standard', severity: 'unknown' },
          value: 0,
        },
      ]),
    );
  });

  test('with its state file cut off after any byte it keeps its age or has none, and says so', async () => {
    const directory = world();
    await oldest(directory, start, '1.0', [fix('1.1')]);
    await oldest(directory, start + 20 * day, '1.0', [fix('1.2')]);
    const [newest, previous] = ['apt-offers.json', 'apt-offers.previous.json'].map((name) =>
      join(directory, name),
    );
    const [whole, before] = [readFileSync(newest ?? ''), readFileSync(previous ?? '')];
    for (let length = 0; length < whole.length; length += 1) {
      writeFileSync(newest ?? '', whole.subarray(0, length));
      writeFileSync(previous ?? '', before);
      // oxlint-disable-next-line no-await-in-loop -- one damage after the other
      const found = await oldest(directory, start + 70 * day, '1.0', [fix('1.3')]);
      expect(found.value, `${length} bytes`).toBe(start);
      expect(found.problems.map(({ reason }) => reason)).toEqual(['state_unreadable']);
    }
  });

  test('with both generations of its state destroyed it is pending without an age, which is never young', async () => {
    const directory = world();
    await oldest(directory, start, '1.0', [fix('1.1')]);
    await oldest(directory, start + 20 * day, '1.0', [fix('1.2')]);
    writeFileSync(join(directory, 'apt-offers.json'), '{');
    writeFileSync(join(directory, 'apt-offers.previous.json'), '');
    for (const today of [70, 71, 90]) {
      // oxlint-disable-next-line no-await-in-loop -- one day after the other
      const found = await oldest(directory, start + today * day, '1.0', [fix('1.3')]);
      expect(found.value).toBeUndefined();
      expect(found.problems.at(-1)?.message).toMatch(/^since when 1 of the open updates are known was lost/);
    }
    expect((await oldest(directory, start + 91 * day, '1.3', [fix('1.4')])).value).toBe(start + 91 * day);
  });
});

describe('dates', () => {
  const date = async (offer: Offer, now = start) =>
    (await rememberOffers(replay({ now }), [offer], memory('1.0'))).outstanding[0];

  test('a release date counts from the release, not from the first sight', async () => {
    expect(await date(fix('1.1', { released: start - day }))).toMatchObject({
      since: start - day,
      basis: 'released',
    });
  });

  test('what was seen before its release date was there before it', async () => {
    const state = new Map<string, unknown>();
    await rememberOffers(replay({ now: start, state }), [fix('1.1')], memory('1.0'));
    const { outstanding } = await rememberOffers(
      replay({ now: start + 9 * day, state }),
      [fix('1.1', { released: start + 5 * day })],
      memory('1.0'),
    );
    expect(outstanding[0]).toMatchObject({ since: start, basis: 'first_seen' });
  });

  test.each([
    ['in the far future', start + 30 * day],
    ['zero', 0],
    ['before the epoch', -1],
  ])('a release date %s is none', async (_, released) => {
    expect(await date(fix('1.1', { released }))).toMatchObject({ since: start, basis: 'first_seen' });
  });

  test('an advisory that is updated later does not make its fix younger', async () => {
    const state = new Map<string, unknown>();
    const run = (now: number, released: number) =>
      rememberOffers(replay({ now, state }), [fix('1.1', { released })], memory('1.0'));
    await run(start, start - 9 * day);
    expect((await run(start + day, start)).outstanding[0]).toMatchObject({ since: start - 9 * day });
  });
});

describe('installed and not in effect', () => {
  const state = () => new Map<string, unknown>();
  const kernel = (version: string) => fix(version, { name: 'linux-image-amd64', released: start - 5 * day });
  const run = (memoryOf: Map<string, unknown>, now: number, installed: string, booted: number | undefined) =>
    rememberOffers(replay({ now, state: memoryOf }), installed === '1.0' ? [kernel('1.1')] : [], {
      ...memory(installed),
      needsReboot: (name) => name.startsWith('linux-image'),
      booted,
    });

  test('a kernel keeps its clock until the host has started with it', async () => {
    const known = state();
    await run(known, start, '1.0', start - 100 * day);
    const waiting = await run(known, start + day, '1.1', start - 100 * day);
    expect(waiting.outstanding).toEqual([]);
    expect(patchSamples(waiting, { manager: 'apt', classes: ['security'] })).toContainEqual({
      name: 'maintenance_patch_oldest_inactive_timestamp_seconds',
      labels: { manager: 'apt', class: 'security', severity: 'unknown', basis: 'released' },
      value: start - 5 * day,
    });
    expect((await run(known, start + 30 * day, '1.1', start - 100 * day)).inactive).toHaveLength(1);
    expect((await run(known, start + 31 * day, '1.1', start + 30.5 * day)).inactive).toEqual([]);
  });

  test('where the start time is unknown nothing is claimed to wait', async () => {
    const known = state();
    await run(known, start, '1.0', undefined);
    expect((await run(known, start + day, '1.1', undefined)).inactive).toEqual([]);
  });
});
