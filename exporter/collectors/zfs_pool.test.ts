import { describe, expect, test } from 'vitest';
import { CollectorError, type ToolOutput } from '../collector.ts';
import { replay } from '../replay.ts';
import { zfsPool } from './zfs_pool.ts';
import { parseStatus } from './zfs_pool/status.ts';

// ZFS does not run where these tests do. The texts follow OpenZFS (cmd/zpool/zpool_main.c, zpool-status(8)) and what users of 0.7 to
// 2.3 have posted of it.
const scrubbed = 'scrub repaired 0B in 00:12:34 with 0 errors on Sun Nov  8 03:36:34 2026';
const status = (state: string, scan: string, table: string, errors = 'No known data errors', more = '') =>
  `  pool: tank\n state: ${state}\n${more}  scan: ${scan}\nconfig:\n\n\tNAME        STATE     READ WRITE CKSUM\n${table
    .split('\n')
    .map((line) => `\t${line}`)
    .join('\n')}\n\nerrors: ${errors}\n`;
const mirror = (pool: string, one = 'ONLINE       0     0     0', two = one) =>
  `tank        ${pool}     0     0     0\n  mirror-0  ${pool}     0     0     0\n    sda     ${one}\n    sdb     ${two}`;
const ok = 'ONLINE       0     0     0';
const whole = status('ONLINE', scrubbed, mirror('ONLINE'));

type Verdict = readonly [
  healthy: boolean | undefined,
  operational: boolean | undefined,
  lacking: number | undefined,
  members: number | undefined,
];
test.each<[string, string, Verdict]>([
  ['in order', whole, [true, true, 0, 2]],
  ['never scrubbed', status('ONLINE', 'none requested', mirror('ONLINE')), [true, true, 0, 2]],
  ['one disk', status('ONLINE', scrubbed, `tank ${ok}\n  sda ${ok}`), [true, true, 0, 1]],
  [
    'being scrubbed',
    status(
      'ONLINE',
      'scrub in progress since Sun Nov  8 03:24:00 2026\n\t1T / 2T scanned at 1G/s\n\t0B repaired, 45.00% done, 01:00:00 to go',
      mirror('ONLINE'),
    ),
    [true, true, 0, 2],
  ],
  [
    'features not enabled',
    status(
      'ONLINE',
      scrubbed,
      mirror('ONLINE'),
      undefined,
      'status: Some supported and requested features are not enabled on the pool.\n',
    ),
    [true, true, 0, 2],
  ],
  [
    'a disk gone',
    status('DEGRADED', scrubbed, mirror('DEGRADED', ok, 'UNAVAIL      0     0     0  was /dev/sdb1')),
    [false, true, 1, 2],
  ],
  [
    'a disk taken offline',
    status('DEGRADED', scrubbed, mirror('DEGRADED', ok, 'OFFLINE      0     0     0')),
    [false, true, 1, 2],
  ],
  [
    'corrected checksum errors',
    status('ONLINE', scrubbed, mirror('ONLINE', ok, 'ONLINE       0     0 1.32K')),
    [false, true, 0, 2],
  ],
  [
    'damaged files',
    status('ONLINE', scrubbed, mirror('ONLINE'), "3 data errors, use '-v' for a list"),
    [false, true, 0, 2],
  ],
  [
    'an error list nobody may read',
    status('ONLINE', scrubbed, mirror('ONLINE'), 'List of errors unavailable: permission denied'),
    [undefined, true, 0, 2],
  ],
  [
    'suspended',
    status(
      'SUSPENDED',
      scrubbed,
      mirror('UNAVAIL', 'UNAVAIL      0     0     0'),
      "4 data errors, use '-v' for a list",
    ),
    [false, false, 2, 2],
  ],
  [
    'unavailable',
    status('UNAVAIL', 'none requested', mirror('UNAVAIL', ok, 'UNAVAIL      0     0     0  cannot open')),
    [false, false, 1, 2],
  ],
  [
    'a log device gone',
    status('ONLINE', scrubbed, `${mirror('ONLINE')}\nlogs\t\n  nvme0n1   UNAVAIL      0     0     0`),
    [false, true, 1, 3],
  ],
  [
    'a spare that stands by',
    status('ONLINE', scrubbed, `${mirror('ONLINE')}\nspares\n  sdc       AVAIL   `),
    [true, true, 0, 2],
  ],
  [
    'a resilver of what looks online',
    status(
      'ONLINE',
      'resilver in progress since Sat Oct 28 10:42:41 2023\n\t820G scanned at 16.7G/s, 1.80G issued at 37.6M/s, 2.12T total\n\t1.80G resilvered, 0.08% done, 16:23:57 to go',
      mirror('ONLINE', ok, `${ok}  (resilvering)`),
    ),
    [false, true, 1, 2],
  ],
  [
    'a replacement',
    status(
      'DEGRADED',
      'resilver in progress since Tue Apr 19 00:58:45 2022\n\t0B resilvered, 22.50% done, 01:12:33 to go',
      `tank DEGRADED 0 0 0\n  raidz2-0 DEGRADED 0 0 0\n    sda ${ok}\n    replacing-1 DEGRADED 0 0 0\n      654411 UNAVAIL 0 0 0  was /dev/sdb1\n      sdk ${ok}  (resilvering)\n    sdc ${ok}\n    sdd ${ok}`,
    ),
    [false, true, 1, 4],
  ],
  ['cut off before the errors', whole.slice(0, whole.indexOf('errors:')), [undefined, true, 0, 2]],
  [
    'cut off before the devices',
    whole.slice(0, whole.indexOf('config:')),
    [undefined, true, undefined, undefined],
  ],
])('a pool: %s', (_, text, [healthy, operational, degradedMembers, members]) => {
  const [facts] = parseStatus(text);
  expect(facts).toMatchObject({ volume: 'tank' });
  expect([facts?.healthy, facts?.operational, facts?.degradedMembers, facts?.members]).toEqual([
    healthy,
    operational,
    degradedMembers,
    members,
  ]);
});

test('numbers: the scrub in UTC, errors with and without -p, how far a resilver is, spares, layout', () => {
  expect(parseStatus(whole)[0]).toMatchObject({
    scrubbed: Date.UTC(2026, 10, 8, 3, 36, 34) / 1000,
    scrubErrors: 0,
    level: 'mirror',
  });
  expect(
    parseStatus(status('ONLINE', scrubbed, mirror('ONLINE', ok, 'ONLINE       0     2 1.32K')))[0]?.errors,
  ).toEqual({ read: 0, write: 2, checksum: 1320, data: 0 });
  const resilver = status(
    'DEGRADED',
    'resilver in progress since Tue Apr 19 00:58:45 2022\n\t0B resilvered, 22.50% done, 01:12:33 to go',
    mirror('DEGRADED', ok, 'UNAVAIL 0 0 0'),
  );
  expect(parseStatus(resilver)[0]).toMatchObject({ rebuilt: 0.225 });
  expect(parseStatus(resilver)[0]?.scrubbed).toBeUndefined();
  expect(
    parseStatus(
      status(
        'ONLINE',
        scrubbed,
        `${mirror('ONLINE')}\nspares\n  sdc       AVAIL   \n  sdd       INUSE     currently in use`,
      ),
    )[0],
  ).toMatchObject({ spares: 1 });
});

const list = 'zpool list -Hp -o name,guid,size,allocated,health';
const line = 'tank\t11845512874563518457\t1000\t250\tONLINE\n';
async function collect(
  listed: string | Partial<ToolOutput> | CollectorError,
  described = whole,
  state = new Map<string, unknown>(),
) {
  const { samples, problems } = await zfsPool.collect(
    replay({ state, commands: { [list]: listed, 'zpool status -p': described } }),
    {},
  );
  return {
    facts: Object.fromEntries(
      samples.map(({ name, value }) => [name.slice('maintenance_volume_'.length), value]),
    ),
    reasons: problems.map(({ reason }) => reason),
  };
}

describe('list and status together', () => {
  test('agree', async () => {
    expect(await collect(line)).toMatchObject({
      facts: { present: 1, healthy: 1, operational: 1, used_ratio: 0.25, size_bytes: 1000 },
      reasons: [],
    });
  });

  test('a pool that list calls degraded is not in order', async () => {
    expect((await collect(line.replace('ONLINE', 'DEGRADED'))).facts).toMatchObject({ healthy: 0 });
  });

  test('a pool of which status says nothing is unknown', async () => {
    const { facts, reasons } = await collect(line, '');
    expect([facts['present'], facts['healthy'], reasons]).toEqual([1, undefined, ['unexpected_output']]);
  });

  test('a pool that was not imported is gone', async () => {
    const state = new Map<string, unknown>();
    await collect(line, whole, state);
    expect(await collect({ stderr: 'no pools available\n' }, '', state)).toEqual({
      facts: { present: 0 },
      reasons: [],
    });
  });
});

test.each<[string, string | Partial<ToolOutput>, string]>([
  ['no pool', { stdout: 'no pools available\n' }, 'unsupported'],
  ['no module', { exitCode: 1, stderr: 'The ZFS modules are not loaded.\n' }, 'unsupported'],
  [
    'no permission',
    { exitCode: 1, stderr: 'cannot open /dev/zfs: Permission denied\n' },
    'permission_denied',
  ],
  ['a table', 'NAME  SIZE\ntank  1T\n', 'unexpected_output'],
])('%s', async (_, listed, reason) => {
  await expect(collect(listed)).rejects.toMatchObject({ reason });
});
