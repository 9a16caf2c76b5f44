import { describe, expect, test } from 'vitest';
import { CollectorError } from '../collector.ts';
import { replay, type Replay } from '../replay.ts';
import { md } from './md.ts';
import { parseMdstat } from './md/mdstat.ts';

// Arrays as kernels 2.6 to 6.10 print them (drivers/md/md.c, md_seq_show; reports on linux-raid). What a kernel of today says is
// asked in the test that starts one.
const none = 'unused devices: <none>\n';
const listing = (...arrays: readonly string[]) =>
  `Personalities : [raid1] [raid6] [raid5] [raid4]\n${arrays.map((array) => `${array}\n      \n`).join('')}${none}`;
const raid1 = (devices: string, counts: string, more = '') =>
  `md0 : active raid1 ${devices}\n      488254464 blocks super 1.2 ${counts}\n      bitmap: 3/4 pages [12KB], 65536KB chunk${more}`;

/** Files under /sys/block/md0/md. */
const sysfs = (attributes: Readonly<Record<string, string>>, array = 'md0') =>
  Object.fromEntries(
    Object.entries({
      array_state: 'clean',
      sync_action: 'idle',
      last_sync_action: 'none',
      sync_min: '0',
      ...attributes,
    }).map(([name, text]) => [`/sys/block/${array}/md/${name}`, `${text}\n`]),
  );
const member = (name: string, state = 'in_sync', attached = true) => ({
  [`dev-${name}/state`]: state,
  [`dev-${name}/errors`]: '0',
  [attached ? `dev-${name}/block/size` : `dev-${name}/block`]: '976773168',
});

async function collect(
  mdstat: string | CollectorError | undefined,
  options: Replay & { readonly exclude?: string[] } = {},
) {
  const files = { ...(mdstat === undefined ? {} : { '/proc/mdstat': mdstat }), ...options.files };
  const { samples, problems } = await md.collect(replay({ ...options, files }), {
    exclude: options.exclude ?? [],
  });
  return {
    facts: Object.fromEntries(
      samples.map(({ name, labels, value }) => [
        `${labels['volume']} ${name.slice('maintenance_volume_'.length)}${labels['level'] === undefined ? '' : ` ${labels['level']}`}${labels['error'] === undefined ? '' : ` ${labels['error']}`}`,
        value,
      ]),
    ),
    problems: problems.map(({ reason }) => reason),
  };
}

const whole = { ...sysfs({ raid_disks: '2', degraded: '0', ...member('sda1'), ...member('sdb1') }) };

test('two of two', async () => {
  expect(await collect(listing(raid1('sdb1[1] sda1[0]', '[2/2] [UU]')), { files: whole })).toEqual({
    facts: {
      'md0 info raid1': 1,
      'md0 present': 1,
      'md0 healthy': 1,
      'md0 operational': 1,
      'md0 members': 2,
      'md0 degraded_members': 0,
      'md0 spares': 0,
      'md0 size_bytes': 488254464 * 1024,
      'md0 errors corrected': 0,
    },
    problems: [],
  });
});

/** Verdicts: healthy, operational, degraded members, rebuild. */
type Verdict = readonly [boolean | undefined, boolean | undefined, number | undefined, number?];
const is = ([healthy, operational, degraded, rebuilt]: Verdict) => ({
  healthy: healthy === undefined ? undefined : Number(healthy),
  operational: operational === undefined ? undefined : Number(operational),
  degraded,
  rebuilt,
});

test.each<[string, string, Readonly<Record<string, string>>, Verdict]>([
  ['one of two', raid1('sda1[0]', '[2/1] [U_]'), { raid_disks: '2', degraded: '1' }, [false, true, 1]],
  [
    'one failed and still listed',
    raid1('sdb1[1](F) sda1[0]', '[2/1] [U_]'),
    { raid_disks: '2', degraded: '1', ...member('sdb1', 'faulty') },
    [false, true, 1],
  ],
  [
    'a spare took over and is complete, the failed one is still there',
    raid1('sdc1[2] sdb1[1](F) sda1[0]', '[2/2] [UU]'),
    { raid_disks: '2', degraded: '0' },
    [false, true, 1],
  ],
  [
    'a disk that was pulled and md has not noticed',
    raid1('sdb1[1] sda1[0]', '[2/2] [UU]'),
    { raid_disks: '2', degraded: '0', ...member('sdb1', 'in_sync', false) },
    [false, true, 1],
  ],
  [
    'rebuilding',
    raid1(
      'sdb1[2] sda1[0]',
      '[2/1] [U_]',
      '\n      [=>...................]  recovery =  8.5% (16647728/195310080) finish=12.4min speed=240000K/sec',
    ),
    { raid_disks: '2', degraded: '1', sync_action: 'recover' },
    [false, true, 1, 0.085],
  ],
  [
    'waiting for its rebuild',
    raid1('sdb1[2] sda1[0]', '[2/1] [U_]', '\n      \tresync=DELAYED'),
    { raid_disks: '2', degraded: '1', sync_action: 'recover' },
    [false, true, 1, 0],
  ],
  [
    'a resync after a power cut',
    raid1(
      'sdb1[1] sda1[0]',
      '[2/2] [UU]',
      '\n      [====>................]  resync = 22.0% (1/5) finish=1.0min speed=1K/sec',
    ),
    { raid_disks: '2', degraded: '0', sync_action: 'resync' },
    [false, true, 0, 0.22],
  ],
  [
    'a resync that waits for the first write',
    'md0 : active (auto-read-only) raid1 sdb1[1] sda1[0]\n      488254464 blocks super 1.2 [2/2] [UU]\n      \tresync=PENDING',
    { raid_disks: '2', degraded: '0', array_state: 'read-auto' },
    [false, true, 0, 0],
  ],
  [
    'nothing written yet',
    'md0 : active (auto-read-only) raid1 sdb1[1] sda1[0]\n      488254464 blocks super 1.2 [2/2] [UU]',
    { raid_disks: '2', degraded: '0', array_state: 'read-auto' },
    [true, true, 0],
  ],
  [
    'a check',
    raid1(
      'sdb1[1] sda1[0]',
      '[2/2] [UU]',
      '\n      [=======>.............]  check = 38.6% (1/3) finish=1.0min speed=1K/sec',
    ),
    { raid_disks: '2', degraded: '0', sync_action: 'check' },
    [true, true, 0],
  ],
  [
    'a repair, which mdstat calls resync',
    raid1(
      'sdb1[1] sda1[0]',
      '[2/2] [UU]',
      '\n      [=======>.............]  resync = 38.6% (1/3) finish=1.0min speed=1K/sec',
    ),
    { raid_disks: '2', degraded: '0', sync_action: 'repair' },
    [true, true, 0],
  ],
  [
    'a replacement that is copied to',
    raid1(
      'sdc1[2](R) sdb1[1] sda1[0]',
      '[2/2] [UU]',
      '\n      [=>...................]  recovery =  8.5% (1/2) finish=1.0min speed=1K/sec',
    ),
    { raid_disks: '2', degraded: '0', sync_action: 'recover' },
    [true, true, 0, 0.085],
  ],
  [
    'growing',
    'md0 : active raid5 sdd[4] sdc[3] sdb[1] sda[0]\n      1024 blocks super 1.2 level 5, 512k chunk, algorithm 2 [4/4] [UUUU]\n      [>....................]  reshape =  0.1% (1/1000) finish=9.9min speed=1K/sec',
    { raid_disks: '4 (3)', degraded: '0', sync_action: 'reshape' },
    [true, true, 0],
  ],
  [
    'raid5 with two gone',
    'md0 : active raid5 sda[0]\n      1024 blocks super 1.2 level 5, 512k chunk, algorithm 2 [3/1] [U__]',
    { raid_disks: '3', degraded: '2' },
    [false, false, 2],
  ],
  [
    'raid6 with two gone',
    'md0 : active raid6 sdd[3] sda[0]\n      1024 blocks super 1.2 level 6, 512k chunk, algorithm 2 [4/2] [U__U]',
    { raid_disks: '4', degraded: '2' },
    [false, true, 2],
  ],
  [
    'raid10 with two gone, which may be a pair',
    'md0 : active raid10 sdd[3] sda[0]\n      1024 blocks super 1.2 512K chunks 2 near-copies [4/2] [U__U]',
    { raid_disks: '4', degraded: '2' },
    [false, undefined, 2],
  ],
  [
    'raid1 that lost its last',
    raid1('sda1[0](F)', '[2/0] [__]'),
    { raid_disks: '2', degraded: '2', array_state: 'broken' },
    [false, false, 2],
  ],
  [
    'raid0',
    'md0 : active raid0 sdb[1] sda[0]\n      1024 blocks super 1.2 512k chunks',
    { raid_disks: '2', ...member('sda'), ...member('sdb') },
    [true, true, 0],
  ],
  [
    'raid0 with a disk gone',
    'md0 : active raid0 sdb[1] sda[0]\n      1024 blocks super 1.2 512k chunks',
    { raid_disks: '2', ...member('sda'), ...member('sdb', 'in_sync', false) },
    [false, false, 1],
  ],
  [
    'raid0 that broke',
    'md0 : active raid0 sdb[1] sda[0]\n      1024 blocks super 1.2 512k chunks',
    { raid_disks: '2', array_state: 'broken' },
    [false, false, 0],
  ],
  [
    'linear with a failed member',
    'md0 : active linear sdb[1](F) sda[0]\n      1024 blocks super 1.2 0k rounding',
    { raid_disks: '2' },
    [false, false, 1],
  ],
  [
    'not assembled',
    'md0 : inactive sdb1[1](S) sda1[0](S)\n      488254464 blocks super 1.2',
    { array_state: 'inactive' },
    [false, false, undefined],
  ],
  [
    'a set of IMSM',
    'md0 : active raid1 sdb[1] sda[0]\n      3800741888 blocks super external:/md127/0 [2/1] [U_]',
    { raid_disks: '2', degraded: '1' },
    [false, true, 1],
  ],
  [
    'a journal and write-mostly',
    'md0 : active raid1 sdc[2](J) sdb[1](W) sda[0]\n      1024 blocks super 1.2 [2/2] [UU]',
    { raid_disks: '2', degraded: '0' },
    [true, true, 0],
  ],
  [
    'metadata 0.90',
    'md0 : active raid1 sdb1[1] sda1[0]\n      976762496 blocks [2/2] [UU]',
    { raid_disks: '2', degraded: '0' },
    [true, true, 0],
  ],
])('%s', async (_, array, attributes, verdict) => {
  const { facts, problems } = await collect(listing(array), { files: sysfs(attributes) });
  expect(problems).toEqual([]);
  expect({
    healthy: facts['md0 healthy'],
    operational: facts['md0 operational'],
    degraded: facts['md0 degraded_members'],
    rebuilt: facts['md0 rebuild_ratio'],
  }).toEqual(is(verdict));
});

test('a container of IMSM keeps no data and is no volume', async () => {
  const { facts } = await collect(
    listing(
      'md126 : active raid1 sda[1] sdb[0]\n      3800741888 blocks super external:/md127/0 [2/2] [UU]',
      'md127 : inactive sdb[1](S) sda[0](S)\n      10402 blocks super external:imsm',
    ),
    { files: sysfs({ raid_disks: '2', degraded: '0' }, 'md126') },
  );
  expect([facts['md126 healthy'], facts['md127 present']]).toEqual([1, undefined]);
});

test('a spare stands by', async () => {
  const { facts } = await collect(listing(raid1('sdc1[2](S) sdb1[1] sda1[0]', '[2/2] [UU]')), {
    files: whole,
  });
  expect([facts['md0 spares'], facts['md0 healthy']]).toEqual([1, 1]);
});

describe('what sysfs does not tell', () => {
  test('redundancy is told by mdstat alone', async () => {
    expect(await collect(listing(raid1('sda1[0]', '[2/1] [U_]')))).toMatchObject({
      facts: { 'md0 healthy': 0, 'md0 operational': 1, 'md0 degraded_members': 1 },
      problems: ['source_missing'],
    });
  });

  test('whether raid0 is whole is unknown', async () => {
    const { facts, problems } = await collect(
      listing('md0 : active raid0 sdb[1] sda[0]\n      1024 blocks super 1.2 512k chunks'),
    );
    expect([facts['md0 healthy'], facts['md0 present'], problems]).toEqual([
      undefined,
      1,
      ['source_missing'],
    ]);
  });

  test('a file that may not be read is a problem of this array', async () => {
    const files = {
      ...whole,
      '/sys/block/md0/md/degraded': new CollectorError('permission_denied', 'may not read'),
    };
    expect(await collect(listing(raid1('sdb1[1] sda1[0]', '[2/2] [UU]')), { files })).toMatchObject({
      facts: { 'md0 healthy': 1 },
      problems: ['permission_denied'],
    });
  });
});

describe('the last check', () => {
  const idle = listing(raid1('sdb1[1] sda1[0]', '[2/2] [UU]'));
  const start = 1_795_000_000;
  const turn = (state: Map<string, unknown>, minute: number, attributes: Readonly<Record<string, string>>) =>
    collect(idle, {
      state,
      now: start + minute * 60,
      files: sysfs({ raid_disks: '2', degraded: '0', uuid: '6c3d3f0c:1', mismatch_cnt: '0', ...attributes }),
    });
  const checking = { sync_action: 'check', last_sync_action: 'check' };
  const done = { sync_action: 'idle', last_sync_action: 'check', mismatch_cnt: '128' };
  const seen = ({ facts }: Awaited<ReturnType<typeof collect>>) => [
    facts['md0 scrub_timestamp_seconds'],
    facts['md0 scrub_errors'],
  ];

  test('one that was seen running has ended when it was last seen, and stays', async () => {
    const state = new Map<string, unknown>();
    expect(seen(await turn(state, 0, {}))).toEqual([undefined, undefined]);
    expect(seen(await turn(state, 2, checking))).toEqual([undefined, undefined]);
    expect(seen(await turn(state, 4, checking))).toEqual([undefined, undefined]);
    expect(seen(await turn(state, 6, done))).toEqual([start + 240, 128]);
    expect(seen(await turn(state, 8, { ...done, last_sync_action: 'none', mismatch_cnt: '0' }))).toEqual([
      start + 240,
      128,
    ]);
  });

  test('one between two looks has ended after the first', async () => {
    const state = new Map<string, unknown>();
    await turn(state, 0, {});
    expect(seen(await turn(state, 2, done))).toEqual([start, 128]);
    // The next one, too: all that shows is that it found something else.
    expect(seen(await turn(state, 4, { ...done, mismatch_cnt: '0' }))).toEqual([start + 120, 0]);
    expect(seen(await turn(state, 6, { ...done, mismatch_cnt: '0' }))).toEqual([start + 120, 0]);
  });

  test.each([
    ['one that was broken off', { ...done, sync_min: '1048576' }],
    ['a repair that gave way to a rebuild', { sync_action: 'recover', last_sync_action: 'recover' }],
    ['a restart in the middle', { sync_action: 'idle', last_sync_action: 'none' }],
  ])('%s is none', async (_, after) => {
    const state = new Map<string, unknown>();
    await turn(state, 0, checking);
    expect(seen(await turn(state, 2, after))).toEqual([undefined, undefined]);
  });

  test('mismatches without a check that was seen count for nothing', async () => {
    expect(seen(await turn(new Map(), 0, done))).toEqual([undefined, undefined]);
  });
});

describe('an array that was seen before', () => {
  const array = listing(raid1('sdb1[1] sda1[0]', '[2/2] [UU]'));
  const known = async () => {
    const state = new Map<string, unknown>();
    await collect(array, { state, files: sysfs({ raid_disks: '2', degraded: '0', uuid: 'u1' }) });
    return state;
  };

  test.each([
    ['is gone', listing()],
    ['is gone with the driver', undefined],
  ])('%s', async (_, mdstat) => {
    expect(await collect(mdstat, { state: await known() })).toEqual({
      facts: { 'md0 present': 0 },
      problems: [],
    });
  });

  test('is not called gone by a list that is cut off', async () => {
    expect(await collect('Personalities : [raid1]\n', { state: await known() })).toEqual({
      facts: {},
      problems: ['unexpected_output'],
    });
  });

  test('was renamed', async () => {
    const state = await known();
    const renamed = array.replace('md0', 'md127');
    const { facts } = await collect(renamed, {
      state,
      files: sysfs({ raid_disks: '2', degraded: '0', uuid: 'u1' }, 'md127'),
    });
    expect([facts['md127 present'], facts['md0 present']]).toEqual([1, undefined]);
    expect(await collect(listing(), { state })).toMatchObject({ facts: { 'md127 present': 0 } });
  });

  test('is forgotten once it is excluded', async () => {
    const state = await known();
    expect((await collect(array, { state, exclude: ['md0'] })).facts).toEqual({});
    await expect(collect(listing(), { state })).rejects.toMatchObject({ reason: 'unsupported' });
  });
});

test.each([
  ['no driver', undefined, 'unsupported'],
  ['no array', listing(), 'unsupported'],
  ['an empty file', '', 'unexpected_output'],
  ['another file', 'MemTotal: 1\n', 'unexpected_output'],
  ['an array of another shape', listing('md0 : aktiv raid1 sda[0]'), 'unexpected_output'],
  ['no permission', new CollectorError('permission_denied', 'may not read'), 'permission_denied'],
])('%s', async (_, mdstat, reason) => {
  await expect(collect(mdstat)).rejects.toMatchObject({ reason });
});

test('an array without its counts is unknown, not in order', async () => {
  const cut = 'Personalities : [raid1]\nmd0 : active raid1 sdb1[1] sda1[0]\n      4882';
  const { facts, problems } = await collect(cut);
  expect([facts['md0 healthy'], facts['md0 present'], problems]).toEqual([
    undefined,
    1,
    ['source_missing', 'unexpected_output'],
  ]);
});

test('a thousand arrays', () => {
  const arrays = Array.from({ length: 1000 }, (_, at) =>
    raid1('sdb1[1] sda1[0]', '[2/2] [UU]').replace('md0', `md${at}`),
  );
  expect(parseMdstat(listing(...arrays)).arrays).toHaveLength(1000);
});
