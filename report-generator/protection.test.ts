import { describe, expect, test } from 'vitest';
import { answersOf, bucketOf, openByAge, overdueHosts, restoreProofs } from './protection.ts';
import {
  backupJob,
  backupsOf,
  end,
  hostCells,
  hostUpdates,
  monthWith,
  scanner,
  silentUpdates,
} from './tests/protection-facts.ts';

const day = 86_400;

describe('the five questions', () => {
  const answer = (id: string, hosts: ReturnType<typeof hostCells>[]) =>
    answersOf(monthWith({}, { hosts })).find((each) => each.id === id);

  test('a host that does not report is not known, and counts nowhere as in order', () => {
    const silent = hostCells('pc-1', {
      host_reporting: 'missed',
      patch_security: 'unknown',
      backup: 'unknown',
      av_protection: 'unknown',
      disk_health: 'unknown',
    });
    for (const each of answersOf(monthWith({}, { hosts: [hostCells('a'), silent] })))
      expect(each, each.id).toMatchObject({ hosts: 2, inOrder: 1, partly: 0, problem: 0, unknown: 1 });
  });

  test.each([
    ['updates', { patch_security: 'missed' }, 'problem'],
    ['updates', { os_supported: 'missed', patch_security: 'unknown' }, 'problem'],
    ['updates', { reboot: 'missed' }, 'partly'],
    // What is missing beside must not hide that nothing is known of the rest.
    ['updates', { patch_security: 'unknown', reboot: 'missed' }, 'unknown'],
    ['updates', { patch_standard: 'unknown' }, 'unknown'],
    ['backups', { backup: 'missed' }, 'problem'],
    ['backups', { restore_test: 'missed' }, 'partly'],
    ['antivirus', { av_definitions: 'missed' }, 'problem'],
    ['disks', { volume_health: 'missed' }, 'problem'],
    ['disks', { disk_self_test: 'missed' }, 'partly'],
  ] as const)('%s with %j is %s', (id, cells, part) => {
    expect(answer(id, [hostCells('a', cells)])).toMatchObject({ hosts: 1, inOrder: 0, [part]: 1 });
  });

  test('a host of which nobody expects it is not asked', () => {
    const bare = {
      instance: 'a',
      role: 'server',
      controls: { host_reporting: 'met', backup: null } as const,
    };
    expect(answer('backups', [bare])).toMatchObject({ hosts: 0 });
    expect(answer('reporting', [bare])).toMatchObject({ hosts: 1, inOrder: 1 });
  });
});

test.each([
  [0, 'days3'],
  [3 * day, 'days3'],
  [3 * day + 1, 'days7'],
  [7 * day + 1, 'days30'],
  [30 * day, 'days30'],
  [30 * day + 1, 'more'],
])('%d seconds past the limit are in the bucket %s', (late, bucket) => {
  expect(bucketOf(late)).toBe(bucket);
});

test('overdue hosts come worst first, and those that are not known are counted apart', () => {
  const found = overdueHosts({
    hosts: [hostUpdates('a', 2), hostUpdates('b', 40), hostUpdates('c', -1), silentUpdates('d')],
  });
  expect(found).toMatchObject({ inOrder: 1, unknown: 1, expected: 4 });
  expect(found.hosts.map(({ instance, late }) => [instance, late / day])).toEqual([
    ['b', 40],
    ['a', 2],
  ]);
  expect(found.buckets).toEqual({ days3: 1, days7: 0, days30: 0, more: 1 });
});

test('a restore is verified, late, never tried, failed or unknown, and a host without a job is none', () => {
  const proofs = restoreProofs(
    backupsOf([
      backupJob('a', 20, { critical: true }),
      backupJob('b', 200),
      backupJob('c', null),
      backupJob('d', null, {}, { tested: end - day, success: false }),
      backupJob('e', null, { gap: 'silent' }, { verdict: 'unknown' }),
      backupJob('f', null, { job: '' }, { verdict: 'unknown' }),
    ]),
    end,
  );
  expect(proofs.map(({ name, state, critical }) => [name, state, critical])).toEqual([
    ['a nightly', 'verified', true],
    ['b nightly', 'late', false],
    ['c nightly', 'never', false],
    ['d nightly', 'failed', false],
    ['e nightly', 'unknown', false],
  ]);
  expect(proofs.map(({ age }) => (age === undefined ? undefined : age / day))).toEqual([
    20,
    200,
    undefined,
    undefined,
    undefined,
  ]);
});

test('vulnerabilities are told of the hosts that could be scanned', () => {
  const blind = {
    ...scanner('d', 0, 0),
    critical: 'unknown',
    open: { critical: null, important: null, other: null },
    age: null,
  } as const;
  const found = openByAge({
    scanners: [scanner('a', 2, 1), scanner('b', 3, 12), scanner('c', 0, 0), blind],
    opened: null,
    closed: null,
  });
  expect(found).toMatchObject({ hosts: 3, having: 2, inside: 1, late: 1, exploited: null });
  expect(found.buckets).toEqual({ days3: 0, days7: 0, days30: 1, more: 0 });
});
