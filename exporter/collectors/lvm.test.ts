import { describe, expect, test } from 'vitest';
import { CollectorError, type ToolOutput } from '../collector.ts';
import { replay, type Replay } from '../replay.ts';
import { lvm } from './lvm.ts';
import { lvsArguments, vgsArguments } from './lvm/report.ts';

const vgs = `vgs ${vgsArguments.join(' ')}`;
const lvs = `lvs ${lvsArguments.join(' ')}`;

/** What vgs of LVM 2.03.16 printed for a group of three loop devices, one of which was then taken away. */
const groups = (missing: number) => `  {
      "report": [
          {
              "vg": [
                  {"vg_name":"vg", "vg_uuid":"WYB3Tg-zsXf-O8tK-LGlI-E43X-tbNq-MkAuII", "vg_size":"616562688", "pv_count":"3", "vg_missing_pv_count":"${missing}"}
              ]
          }
      ]
  }
`;
const noGroups = `  {
      "report": [
          {
              "vg": [
              ]
          }
      ]
  }
`;
const missingPv = `  WARNING: Couldn't find device with uuid nJnBq9-bom5-YRLo-taVU-jES0-2fmd-lLPQkT.
  WARNING: VG vg is missing PV nJnBq9-bom5-YRLo-taVU-jES0-2fmd-lLPQkT (last written to /dev/loop2).
`;

type Fields = Readonly<Record<string, string>>;
const blank = {
  vg_name: 'vg',
  lv_parent: '',
  lv_attr: '-wi-a-----',
  lv_active: 'active',
  lv_health_status: '',
  lv_size: '41943040',
  data_percent: '',
  metadata_percent: '',
  snap_percent: '',
  sync_percent: '',
  raid_mismatch_count: '',
  raid_sync_action: '',
};
/** Fields as lvmreport(7), lvs(8) and lvmraid(7) describe them; the test in a virtual machine asks the real ones. */
const volumes = (...rows: readonly Fields[]) =>
  JSON.stringify({
    report: [{ lv: rows.map((row) => ({ ...blank, lv_uuid: `uuid-${row['lv_name']}`, ...row })) }],
  });
const image = (at: number, more: Fields = {}, kind = 'raid') => ({
  lv_name: `[mir_rimage_${at}]`,
  lv_layout: 'linear',
  lv_role: `private,${kind},image`,
  lv_parent: '[mir]',
  lv_attr: 'iwi-aor---',
  ...more,
});
const mirror = (more: Fields = {}) => ({
  lv_name: 'mir',
  lv_layout: 'raid,raid1',
  lv_role: 'public',
  sync_percent: '100.00',
  raid_mismatch_count: '0',
  raid_sync_action: 'idle',
  ...more,
});
const meta = (at: number) => ({
  ...image(at),
  lv_name: `[mir_rmeta_${at}]`,
  lv_role: 'private,raid,metadata',
});

async function collect(
  lv: string | Partial<ToolOutput> | CollectorError,
  options: Replay & { readonly exclude?: string[]; readonly vg?: string | Partial<ToolOutput> } = {},
) {
  const commands = { [vgs]: options.vg ?? groups(0), [lvs]: lv };
  const { samples, problems } = await lvm.collect(replay({ ...options, commands }), {
    exclude: options.exclude ?? [],
  });
  const facts = samples.map(({ name, labels: { volume, level, space, error }, value }) => [
    [volume, name.slice('maintenance_volume_'.length), level ?? space ?? error].filter(Boolean).join(' '),
    value,
  ]);
  return { facts: Object.fromEntries(facts), problems: problems.map(({ reason }) => reason) };
}

test('a group and a mirror in order', async () => {
  expect(await collect(volumes(mirror(), image(0), image(1), meta(0), meta(1)))).toEqual({
    facts: {
      'vg info volume group': 1,
      'vg present': 1,
      'vg healthy': 1,
      'vg members': 3,
      'vg degraded_members': 0,
      'vg size_bytes': 616562688,
      'vg/mir info raid1': 1,
      'vg/mir present': 1,
      'vg/mir healthy': 1,
      'vg/mir operational': 1,
      'vg/mir members': 2,
      'vg/mir degraded_members': 0,
      'vg/mir size_bytes': 41943040,
    },
    problems: [],
  });
});

test('a missing physical volume', async () => {
  const { facts, problems } = await collect(volumes(), { vg: { stdout: groups(1), stderr: missingPv } });
  expect([facts['vg healthy'], facts['vg degraded_members'], problems]).toEqual([0, 1, []]);
});

const bad = { lv_health_status: 'partial', lv_attr: 'iwi-aor-p-' };
test.each<[string, readonly Fields[], readonly (number | undefined)[]]>([
  ['in order', [mirror(), image(0), image(1)], [1, 1, 0, undefined]],
  [
    'one image missing',
    [mirror({ lv_health_status: 'partial' }), image(0), image(1, bad)],
    [0, 1, 1, undefined],
  ],
  [
    'both missing',
    [mirror({ lv_health_status: 'partial' }), image(0, bad), image(1, bad)],
    [0, 0, 2, undefined],
  ],
  [
    'a device that came back',
    [
      mirror({ lv_health_status: 'refresh needed' }),
      image(0),
      image(1, { lv_health_status: 'refresh needed' }),
    ],
    [0, 1, 1, undefined],
  ],
  [
    'rebuilding',
    [
      mirror({ sync_percent: '12.50', raid_sync_action: 'recover' }),
      image(0),
      image(1, { lv_attr: 'Iwi-aor---' }),
    ],
    [0, 1, 1, 0.125],
  ],
  [
    'its first copy',
    [
      mirror({ sync_percent: '0.00', raid_sync_action: 'resync' }),
      image(0, { lv_attr: 'Iwi-aor---' }),
      image(1, { lv_attr: 'Iwi-aor---' }),
    ],
    [0, 1, 0, 0],
  ],
  [
    'a rebuild that stands still',
    [mirror({ sync_percent: '40.00', raid_sync_action: 'frozen' }), image(0), image(1)],
    [0, 1, 0, undefined],
  ],
  [
    'a check, which counts up as well',
    [mirror({ sync_percent: '40.00', raid_sync_action: 'check' }), image(0), image(1)],
    [1, 1, 0, undefined],
  ],
  [
    'mismatches found',
    [mirror({ lv_health_status: 'mismatches exist', raid_mismatch_count: '8' }), image(0), image(1)],
    [0, 1, 0, undefined],
  ],
  ['write-mostly', [mirror({ lv_health_status: 'writemostly' }), image(0), image(1)], [1, 1, 0, undefined]],
  [
    'not active',
    [mirror({ lv_active: '', sync_percent: '', raid_sync_action: '' }), image(0), image(1)],
    [undefined, undefined, undefined, undefined],
  ],
  [
    'not active and partial',
    [mirror({ lv_active: '', sync_percent: '', lv_health_status: 'partial' }), image(0), image(1, bad)],
    [0, undefined, 1, undefined],
  ],
  [
    'the kernel cannot be asked',
    [mirror({ lv_health_status: 'unknown', sync_percent: '' }), image(0), image(1)],
    [undefined, undefined, undefined, undefined],
  ],
  [
    'raid5 with two missing',
    [
      mirror({ lv_layout: 'raid,raid5,raid5_ls', lv_health_status: 'partial' }),
      image(0),
      image(1, bad),
      image(2, bad),
    ],
    [0, 0, 2, undefined],
  ],
  [
    'raid6 with two missing',
    [
      mirror({ lv_layout: 'raid,raid6,raid6_zr', lv_health_status: 'partial' }),
      image(0),
      image(1),
      image(2),
      image(3, bad),
      image(4, bad),
    ],
    [0, 1, 2, undefined],
  ],
  [
    'an old mirror',
    [
      mirror({ lv_layout: 'mirror', raid_sync_action: '', sync_percent: '30.00' }),
      image(0, {}, 'mirror'),
      image(1, {}, 'mirror'),
    ],
    [0, 1, 0, 0.3],
  ],
  ['without its images', [mirror()], [1, undefined, undefined, undefined]],
])('a mirror: %s', async (_, rows, [healthy, operational, degraded, rebuilt]) => {
  const { facts } = await collect(volumes(...rows));
  expect({
    healthy: facts['vg/mir healthy'],
    operational: facts['vg/mir operational'],
    degraded: facts['vg/mir degraded_members'],
    rebuilt: facts['vg/mir rebuild_ratio'],
  }).toEqual({ healthy, operational, degraded, rebuilt });
});

describe('what can overflow', () => {
  const pool = (more: Fields) => ({
    lv_name: 'pool',
    lv_layout: 'thin,pool',
    lv_role: 'private',
    lv_attr: 'twi-aotz--',
    data_percent: '81.25',
    metadata_percent: '11.04',
    ...more,
  });
  test.each<[string, Fields, readonly (number | undefined)[]]>([
    ['in order', {}, [1, 1, 0.8125, 0.1104]],
    ['out of space', { lv_health_status: 'out_of_data', data_percent: '100.00' }, [0, undefined, 1, 0.1104]],
    ['metadata read-only', { lv_health_status: 'metadata_read_only' }, [0, undefined, 0.8125, 0.1104]],
    [
      'failed',
      { lv_health_status: 'failed', data_percent: '', metadata_percent: '' },
      [0, 0, undefined, undefined],
    ],
    [
      'not active',
      { lv_active: '', data_percent: '', metadata_percent: '' },
      [undefined, undefined, undefined, undefined],
    ],
  ])('a thin pool: %s', async (_, more, [healthy, operational, data, metadata]) => {
    const { facts } = await collect(volumes(pool(more)));
    expect({
      healthy: facts['vg/pool healthy'],
      operational: facts['vg/pool operational'],
      data: facts['vg/pool used_ratio data'],
      metadata: facts['vg/pool used_ratio metadata'],
    }).toEqual({ healthy, operational, data, metadata });
  });

  test('a mirror inside a pool is looked at, too', async () => {
    const data = {
      ...mirror({ lv_health_status: 'partial' }),
      lv_name: '[pool_tdata]',
      lv_role: 'private,thin,pool,data',
    };
    const rows = [
      pool({}),
      data,
      image(0, { lv_parent: '[pool_tdata]' }),
      image(1, { ...bad, lv_parent: '[pool_tdata]' }),
    ];
    const { facts } = await collect(volumes(...rows));
    expect([facts['vg/pool_tdata healthy'], facts['vg/pool_tdata degraded_members']]).toEqual([0, 1]);
  });

  const snapshot = (more: Fields) => ({
    lv_name: 'nightly',
    lv_layout: 'linear',
    lv_role: 'public,snapshot,thicksnapshot',
    lv_attr: 'swi-a-s---',
    data_percent: '52.00',
    snap_percent: '52.00',
    ...more,
  });
  test.each([
    ['half full', {}, 0.52],
    ['overflown', { lv_attr: 'swi-I-s---', data_percent: '100.00', snap_percent: '100.00' }, 1],
    ['overflown, without a number', { lv_attr: 'swi-I-s---', data_percent: '', snap_percent: '' }, 1],
  ])('a snapshot: %s', async (_, more, full) => {
    const { facts } = await collect(volumes(snapshot(more)));
    expect(Object.entries(facts).filter(([name]) => name.startsWith('vg/'))).toEqual([
      ['vg/nightly used_ratio data', full],
    ]);
  });

  test('a thin snapshot fills its pool, not itself', async () => {
    const { facts } = await collect(
      volumes(
        snapshot({ lv_role: 'public,snapshot,thinsnapshot', lv_layout: 'thin,sparse', snap_percent: '' }),
      ),
    );
    expect(Object.keys(facts).filter((name) => name.startsWith('vg/'))).toEqual([]);
  });

  test('a pool of VDO, and a cache, which is meant to be full', async () => {
    const { facts } = await collect(
      volumes(
        { lv_name: 'vpool', lv_layout: 'vdo,pool', lv_role: 'private', data_percent: '60.00' },
        {
          lv_name: 'fast',
          lv_layout: 'cache',
          lv_role: 'public',
          data_percent: '100.00',
          sync_percent: '0.00',
        },
        { lv_name: '[fast_cpool]', lv_layout: 'cache,pool', lv_role: 'private', data_percent: '100.00' },
      ),
    );
    expect(Object.entries(facts).filter(([name]) => /used|healthy/.test(name))).toEqual([
      ['vg healthy', 1],
      ['vg/fast healthy', 1],
      ['vg/vpool used_ratio data', 0.6],
    ]);
  });

  test('a cache that failed', async () => {
    const { facts } = await collect(
      volumes({ lv_name: 'fast', lv_layout: 'cache', lv_role: 'public', lv_health_status: 'failed' }),
    );
    expect([facts['vg/fast healthy'], facts['vg/fast operational']]).toEqual([0, 0]);
  });
});

test('two groups of one name are two volumes', async () => {
  const [row] = /\{"vg_name.*\}/.exec(groups(0)) ?? [''];
  const vg = groups(1).replace(/\{"vg_name.*\}/, (one) => `${one},\n${row.replace('WYB3Tg', 'AAAAAA')}`);
  const { facts } = await collect(volumes(), { vg });
  expect(Object.entries(facts).filter(([name]) => name.endsWith(' healthy'))).toEqual([
    ['vg (WYB3Tg-zsXf-O8tK-LGlI-E43X-tbNq-MkAuII) healthy', 0],
    ['vg (AAAAAA-zsXf-O8tK-LGlI-E43X-tbNq-MkAuII) healthy', 1],
  ]);
});

test('a group whose every disk is gone leaves no trace but the memory of it', async () => {
  const state = new Map<string, unknown>();
  await collect(volumes(), { state });
  expect(await collect(volumes(), { state, vg: noGroups })).toEqual({
    facts: { 'vg present': 0 },
    problems: [],
  });
  // One that could not be read is not gone.
  expect(
    await collect(volumes(), {
      state,
      vg: { stdout: noGroups, exitCode: 5, stderr: '  Recovery of volume group "vg" failed.\n' },
    }),
  ).toEqual({
    facts: {},
    problems: ['tool_failed'],
  });
});

// What LVM 2.03.16 answers another user than root: an empty list.
const refused =
  '  WARNING: Running as a non-root user. Functionality may be unavailable.\n  /run/lock/lvm/P_global:aux: open failed: Permission denied\n';
test.each<[string, Partial<ToolOutput> | string, string]>([
  ['no root', { stdout: noGroups, stderr: refused, exitCode: 5 }, 'permission_denied'],
  [
    'no root, and no complaint',
    { stdout: noGroups, stderr: refused.split('\n')[0] ?? '' },
    'permission_denied',
  ],
  ['no group', noGroups, 'unsupported'],
  ['nothing', '', 'unexpected_output'],
  ['cut off', groups(0).slice(0, 120), 'unexpected_output'],
  ['a table', '  VG   #PV\n  vg     3\n', 'unexpected_output'],
  ['other fields', '{"report":[{"vg":[{"vg_name":"vg"}]}]}', 'unexpected_output'],
  ['a failure', { exitCode: 5, stderr: '  Unknown option --reportformat\n' }, 'tool_failed'],
])('vgs: %s', async (_, vg, reason) => {
  await expect(collect(volumes(), { vg })).rejects.toMatchObject({ reason });
});

test('lvs that hangs leaves nothing to say', async () => {
  await expect(collect(new CollectorError('timeout', 'too long'))).rejects.toMatchObject({
    reason: 'timeout',
  });
});

test('what is excluded is not told', async () => {
  const { facts } = await collect(volumes(mirror(), image(0)), { exclude: ['vg/mir'] });
  expect(Object.keys(facts).filter((name) => name.startsWith('vg/'))).toEqual([]);
});

test('through sudo', async () => {
  const asRoot = (command: string) => `sudo -n -u root -- ${command}`;
  const commands = { [asRoot(vgs)]: groups(0), [asRoot(lvs)]: volumes() };
  const { samples } = await lvm.collect(replay({ commands }), { user: 'root' });
  expect(samples).toContainEqual({
    name: 'maintenance_volume_healthy',
    labels: { kind: 'lvm', volume: 'vg' },
    value: 1,
  });
  const denied = { [asRoot(vgs)]: { exitCode: 1, stderr: 'sudo: a password is required\n' } };
  await expect(lvm.collect(replay({ commands: denied }), { user: 'root' })).rejects.toMatchObject({
    reason: 'permission_denied',
  });
});
