import { expect, test } from 'vitest';
import { readPolicy } from '../alerts/policy.ts';
import { day, hour } from './calendar.ts';
import { conditions } from './conditions.ts';
import { type Fault, faults } from './faults.ts';
import { scrape } from './metrics.ts';
import type { PlayedControl } from './played.ts';
import { spanAt, valueAt } from './track.ts';
import { verdicts, verdictsOf } from './verdicts.ts';
import { type Life, play } from './world.ts';

const policy = readPolicy('alerts/policy.yaml');
const end = Date.UTC(2026, 10, 21, 12) / 1000;
const world = play(policy, 1, end);
const every = faults(
  world.lives.map(({ host }) => host),
  1,
  end,
);

test('a dead exporter is not compliant at once; its objects are unknown, remembered for a day, then an empty place', () => {
  const { from } = faultOf('acme-mail-1', 'exporter_down');
  expect(see('acme-mail-1', 'host_reporting', from)).toEqual([['', 'known', 'overdue']]);
  expect(see('acme-mail-1', 'av_protection', from - 1)).toEqual([['clamav', 'known', 'compliant']]);
  expect(see('acme-mail-1', 'av_protection', from)).toEqual([['clamav', 'unknown', 'not compliant']]);
  expect(see('acme-mail-1', 'av_protection', from + day - 1)).toEqual([
    ['clamav', 'unknown', 'not compliant'],
  ]);
  expect(see('acme-mail-1', 'av_protection', from + day)).toEqual([['', 'unknown', 'not compliant']]);
  expect(scrape(lifeOf('acme-mail-1'), from)).toBeUndefined();
});

test('a locked repository hides the restore points and nothing else', () => {
  const { from } = faultOf('acme-app-1', 'collector_blind');
  expect(see('acme-app-1', 'backup', from - 1)).toEqual([['nightly', 'known', 'compliant']]);
  expect(see('acme-app-1', 'backup', from)).toEqual([['nightly', 'unknown', 'not compliant']]);
  // The job is still configured, so its place is never empty; its age is forgotten after a day.
  const later = verdictsOf('backup', lifeOf('acme-app-1'), from + 1.5 * day, policy);
  expect(later).toMatchObject([{ object: 'nightly', known: false, age: undefined, overdue: false }]);
  expect(see('acme-app-1', 'av_protection', from)).toEqual([['clamav', 'known', 'compliant']]);
  const samples = scrape(lifeOf('acme-app-1'), from) ?? [];
  expect(
    samples.find(({ labels }) => labels['reason'] !== undefined && labels['collector'] === 'restic'),
  ).toEqual({
    name: 'maintenance_collector_error_info',
    labels: { collector: 'restic', reason: 'repository_locked' },
    value: 1,
  });
  expect(samples.some(({ name }) => name === 'maintenance_backup_last_success_timestamp_seconds')).toBe(
    false,
  );
});

test('failed backups become overdue 26 hours after the last good one began', () => {
  const { from } = faultOf('acme-file-1', 'backup_failing');
  const [before] = verdictsOf('backup', lifeOf('acme-file-1'), from, policy);
  const lastGood = from - (before?.age ?? 0);
  expect(see('acme-file-1', 'backup', lastGood + 26 * hour)[0]).toEqual(['nightly', 'known', 'compliant']);
  expect(see('acme-file-1', 'backup', lastGood + 26 * hour + 1)[0]).toEqual(['nightly', 'known', 'overdue']);
});

test('a job that never succeeded is known, not in order, and infinitely old', () => {
  const job = verdictsOf('backup', lifeOf('acme-mail-1'), end - hour, policy).find(
    ({ object }) => object === 'mailboxes',
  );
  expect(job).toMatchObject({
    known: true,
    compliant: false,
    overdue: true,
    age: Infinity,
    limit: 26 * hour,
  });
});

test('a weekly job is judged by its own limit', () => {
  const job = verdictsOf('backup', lifeOf('acme-file-1'), end - 20 * day, policy).find(
    ({ object }) => object === 'weekly-archive',
  );
  expect(job).toMatchObject({ limit: 8 * day, compliant: true });
});

test('a server without any backup job has an empty, unknown place for one', () => {
  const since = lifeOf('birch-imaging-1').jobs[0]?.job.since ?? 0;
  expect(see('birch-imaging-1', 'backup', since - 1)).toEqual([['', 'unknown', 'not compliant']]);
  expect(see('birch-imaging-1', 'backup', since)).toEqual([['nightly', 'known', 'overdue']]);
});

test('a workstation is not asked for backups', () => {
  expect(see('acme-pc-1', 'backup', end - day)).toEqual([]);
});

test('a stopped agent is known to protect nothing while its definitions stay fresh', () => {
  const { from } = faultOf('acme-app-2', 'antivirus_stopped');
  expect(see('acme-app-2', 'av_protection', from)).toEqual([['clamav', 'known', 'overdue']]);
  expect(see('acme-app-2', 'av_definitions', from + day)).toEqual([['clamav', 'known', 'compliant']]);
});

test('definitions are stale five days after the last build, whether they did not arrive or were not loaded', () => {
  for (const [instance, kind] of [
    ['birch-file-1', 'definitions_stuck'],
    ['acme-pc-4', 'definitions_not_loaded'],
  ] as const) {
    const { from, to } = faultOf(instance, kind);
    expect(see(instance, 'av_definitions', from + 4 * day)).toEqual([['clamav', 'known', 'compliant']]);
    expect(see(instance, 'av_definitions', from + 5.5 * day)).toEqual([['clamav', 'known', 'overdue']]);
    expect(see(instance, 'av_definitions', to + day)).toEqual([['clamav', 'known', 'compliant']]);
  }
  const { from } = faultOf('acme-pc-4', 'definitions_not_loaded');
  const daily = scrape(lifeOf('acme-pc-4'), from + 5 * day)?.find(
    ({ labels }) => labels['database'] === 'daily',
  );
  expect(from + 5 * day - (daily?.value ?? 0)).toBeLessThan(day + 6 * hour);
});

test('a failing disk is replaced by another one and missed for a day', () => {
  const { from, to } = faultOf('acme-file-1', 'disk_failing');
  const [good, bad] = lifeOf('acme-file-1').host.disks.map(({ id }) => id);
  const spare = lifeOf('acme-file-1').disks[2]?.disk.id;
  expect(spare).not.toBe(bad);
  const whole = [good, 'known', 'compliant'];
  expect(see('acme-file-1', 'disk_health', from - 1)).toEqual([whole, [bad, 'known', 'compliant']]);
  expect(see('acme-file-1', 'disk_health', from)).toEqual([whole, [bad, 'known', 'overdue']]);
  const fresh = [spare, 'known', 'compliant'];
  expect(see('acme-file-1', 'disk_health', to)).toEqual([whole, [bad, 'unknown', 'overdue'], fresh]);
  expect(see('acme-file-1', 'disk_health', to + day)).toEqual([whole, fresh]);
});

test('a vanished disk is known to be gone until it returns', () => {
  const { from, to } = faultOf('acme-db-2', 'disk_vanished');
  const gone = lifeOf('acme-db-2').host.disks[1]?.id;
  expect(see('acme-db-2', 'disk_health', from + 2 * day)[1]).toEqual([gone, 'known', 'overdue']);
  expect(see('acme-db-2', 'disk_health', to)[1]).toEqual([gone, 'known', 'compliant']);
});

test('a disk that was never tested has gone untested for as long as it has run; a failed test is never in order', () => {
  const [tested] = lifeOf('birch-imaging-1').disks;
  const first = tested?.tests[0]?.from ?? 0;
  const before = verdictsOf('disk_self_test', lifeOf('birch-imaging-1'), first - 1, policy)[0];
  const poweredOn = scrape(lifeOf('birch-imaging-1'), first - 1)?.find(
    ({ name, labels }) =>
      name === 'maintenance_disk_power_on_seconds_total' && labels['disk'] === tested?.disk.id,
  );
  expect(before).toMatchObject({ known: true, overdue: true, age: poweredOn?.value, limit: 31 * day });
  expect(before?.age).toBeGreaterThan(100 * day);
  expect(see('birch-imaging-1', 'disk_self_test', first)[0]).toEqual([tested?.disk.id, 'known', 'compliant']);
  const { from, to } = faultOf('birch-file-1', 'self_test_failing');
  const [bad, good] = lifeOf('birch-file-1').host.disks.map(({ id }) => id);
  expect(see('birch-file-1', 'disk_self_test', from + 7 * day)).toEqual([
    [bad, 'known', 'overdue'],
    [good, 'known', 'compliant'],
  ]);
  expect(see('birch-file-1', 'disk_health', from + 7 * day)[0]).toEqual([bad, 'known', 'compliant']);
  expect(see('birch-file-1', 'disk_self_test', to + 7 * day)[0]).toEqual([bad, 'known', 'compliant']);
});

test('self-tests that stop are missed after a month, and those of a workstation count although nobody asks', () => {
  const { from } = faultOf('birch-app-1', 'self_tests_stopped');
  expect(see('birch-app-1', 'disk_self_test', from + 24 * day).map(([, , verdict]) => verdict)).toEqual([
    'compliant',
    'compliant',
  ]);
  expect(see('birch-app-1', 'disk_self_test', from + 31 * day + 1).map(([, , verdict]) => verdict)).toEqual([
    'overdue',
    'overdue',
  ]);
  expect(see('acme-pc-1', 'disk_self_test', end - day)).toHaveLength(1);
});

test('a replaced disk is tested within a week, and until then has gone untested since it was put in', () => {
  const { to } = faultOf('acme-file-1', 'disk_failing');
  const fresh = verdictsOf('disk_self_test', lifeOf('acme-file-1'), to + hour, policy).at(-1);
  expect(fresh).toMatchObject({ object: lifeOf('acme-file-1').disks[2]?.disk.id, age: hour, known: true });
});

test('a backup that was never restored is known not to be proven, but not while its repository cannot be read', () => {
  const life = lifeOf('acme-app-1');
  const first = life.jobs[0]?.proofs.restore[0]?.from ?? 0;
  expect(verdictsOf('restore_test', life, first - 1, policy)).toMatchObject([
    { object: 'nightly', known: true, overdue: true, age: Infinity, limit: 184 * day },
  ]);
  expect(see('acme-app-1', 'restore_test', first)).toEqual([['nightly', 'known', 'compliant']]);
  const { from } = faultOf('acme-erp-1', 'collector_blind');
  expect(see('acme-erp-1', 'restore_test', from)).toEqual([['nightly', 'known', 'compliant']]);
  // Of a job without any test there would be nothing to read on record.
  const untested = {
    ...life,
    jobs: life.jobs.map((job) => ({ ...job, proofs: { ...job.proofs, restore: [] } })),
  };
  expect(scrape(life, first - 1)?.some(({ name }) => name.includes('restore_test'))).toBe(false);
  expect(verdictsOf('restore_test', untested, end - day, policy)).toMatchObject([{ age: Infinity }]);
});

test('nothing proves a backup after a failed restore test, and one that is put off is overdue after half a year', () => {
  const failed = lifeOf('birch-db-1').jobs[0]?.proofs.restore.find(({ value }) => !value.success)?.from ?? 0;
  expect(verdictsOf('restore_test', lifeOf('birch-db-1'), failed, policy)[0]).toMatchObject({
    known: true,
    overdue: true,
    age: Infinity,
  });
  const last = lifeOf('acme-db-2').jobs[0]?.proofs.restore.at(-1)?.from ?? 0;
  expect(see('acme-db-2', 'restore_test', last + 184 * day)[0]).toEqual(['nightly', 'known', 'compliant']);
  expect(see('acme-db-2', 'restore_test', last + 184 * day + 1)[0]).toEqual(['nightly', 'known', 'overdue']);
});

test('damage that a check finds is out of order at once; checks that stop are overdue after their limit', () => {
  const damaged = faultOf('acme-db-1', 'checks_failing');
  const database = (control: PlayedControl, instant: number) =>
    see('acme-db-1', control, instant).find(([object]) => object === 'database');
  expect(database('backup_check', damaged.from - 1)).toEqual(['database', 'known', 'compliant']);
  expect(database('backup_check', damaged.from + day)).toEqual(['database', 'known', 'overdue']);
  expect(database('backup_check_data', damaged.from + day)).toEqual(['database', 'known', 'compliant']);
  expect(database('backup_check', damaged.to + day)).toEqual(['database', 'known', 'compliant']);
  const stopped = faultOf('acme-app-2', 'checks_stopped');
  expect(see('acme-app-2', 'backup_check', stopped.from + 40 * day)).toEqual([
    ['nightly', 'known', 'compliant'],
  ]);
  expect(see('acme-app-2', 'backup_check_data', stopped.from + 40 * day)).toEqual([
    ['nightly', 'known', 'overdue'],
  ]);
});

test('a role that does not ask for checks and restore tests counts only jobs that had one', () => {
  const modest = { ...policy, roles: { server: [] } };
  const [job] = lifeOf('acme-app-1').jobs;
  const first = job?.proofs.restore[0]?.from ?? 0;
  const life = lifeOf('acme-app-1');
  expect(verdictsOf('restore_test', life, first - 1, modest)).toEqual([]);
  expect(verdictsOf('restore_test', life, first, modest)).toMatchObject([{ object: 'nightly', age: 0 }]);
});

test('a mirror is degraded while a disk is gone, rebuilds when it is back or replaced, and a failing disk holds its copy', () => {
  const vanished = faultOf('acme-db-2', 'disk_vanished');
  const is = (instance: string, instant: number) => see(instance, 'volume_health', instant);
  expect(is('acme-db-2', vanished.from - 1)).toEqual([['md:md0', 'known', 'compliant']]);
  expect(is('acme-db-2', vanished.from)).toEqual([['md:md0', 'known', 'overdue']]);
  expect(is('acme-db-2', vanished.to + 5 * hour)).toEqual([['md:md0', 'known', 'overdue']]);
  expect(is('acme-db-2', vanished.to + 6 * hour)).toEqual([['md:md0', 'known', 'compliant']]);
  const failing = faultOf('acme-file-1', 'disk_failing');
  expect(is('acme-file-1', failing.from + day)).toEqual([['md:md0', 'known', 'compliant']]);
  expect(is('acme-file-1', failing.to)).toEqual([['md:md0', 'known', 'overdue']]);
  expect(is('acme-file-1', failing.to + 6 * hour)).toEqual([['md:md0', 'known', 'compliant']]);
  const rebuilt = scrape(lifeOf('acme-file-1'), failing.to + 3 * hour)?.find(
    ({ name }) => name === 'maintenance_volume_rebuild_ratio',
  );
  expect(rebuilt?.value).toBe(0.5);
});

test('a workstation has no mirror', () => {
  expect(see('acme-pc-1', 'volume_health', end - day)).toEqual([]);
});

test('a disk that may not be asked stays expected and unknown', () => {
  const { from, to } = faultOf('birch-desk-1', 'collector_blind');
  const id = lifeOf('birch-desk-1').host.disks[0]?.id;
  expect(see('birch-desk-1', 'disk_health', from)).toEqual([[id, 'unknown', 'not compliant']]);
  expect(see('birch-desk-1', 'disk_health', to - 1)).toEqual([[id, 'unknown', 'not compliant']]);
  expect(see('birch-desk-1', 'disk_health', to)).toEqual([[id, 'known', 'compliant']]);
});

test('a host is not expected before it joined', () => {
  const life = lifeOf('acme-pc-5');
  const joined = life.up[0]?.from ?? 0;
  expect(verdicts(life, joined - 1, policy)).toEqual([]);
  expect(verdicts(life, joined, policy)).toHaveLength(16);
});

test.each([
  ['acme-pc-1', 7],
  ['acme-db-1', 3],
  ['birch-desk-1', 3],
])('a security update of %s may wait %i days', (instance, allowed) => {
  expect(verdictsOf('patch_security', lifeOf(instance), end - day, policy)[0]?.limit).toBe(allowed * day);
});

test('nothing is installed while patching is paused, and later it is', () => {
  const { from, to } = faultOf('acme-erp-1', 'patching_paused');
  const ages = [8, 13, 18, 23].map((days) => patchAge('acme-erp-1', from + days * day));
  expect(ages.map((seconds) => seconds - (ages[0] ?? 0))).toEqual([0, 5 * day, 10 * day, 15 * day]);
  expect(patchAge('acme-erp-1', to + 30 * day)).toBeLessThan(31 * day);
});

test('a mirror that is not renewed hides what is published meanwhile, and its lists are stale after two days', () => {
  const { from, to } = faultOf('acme-app-2', 'mirror_stale');
  const life = lifeOf('acme-app-2');
  const listed = scrape(life, to - hour)?.find(
    ({ name }) => name === 'maintenance_patch_metadata_timestamp_seconds',
  );
  const published = listed?.value ?? 0;
  expect(from - published).toBeLessThan(8 * hour);
  expect(see('acme-app-2', 'patch_metadata', published + 2 * day)).toEqual([['apt', 'known', 'compliant']]);
  expect(see('acme-app-2', 'patch_metadata', published + 2 * day + 1)).toEqual([['apt', 'known', 'overdue']]);
  expect(see('acme-app-2', 'patch_metadata', to)).toEqual([['apt', 'known', 'compliant']]);
  const counts = [from - 1, to - 1, to].map((at) => valueAt(life.patching.pending.any, at)?.count ?? 0);
  expect(counts[1]).toBeLessThanOrEqual(counts[0] ?? 0);
  expect(counts[2]).toBeGreaterThan(counts[1] ?? 0);
});

test('lists out of date are told and overdue while what they offer is unknown', () => {
  const { from } = faultOf('birch-db-1', 'collector_blind');
  expect(see('birch-db-1', 'patch_security', from)).toEqual([['apt', 'unknown', 'not compliant']]);
  expect(see('birch-db-1', 'patch_slip', from)).toEqual([['apt', 'unknown', 'not compliant']]);
  expect(see('birch-db-1', 'patch_metadata', from)).toEqual([['apt', 'known', 'overdue']]);
  expect(see('birch-db-1', 'patch_deployment', from)[0]?.[1]).toBe('known');
});

test('automatic updates are off until they are set up, and when somebody switches them off', () => {
  expect(see('acme-erp-1', 'patch_automation', end - day)).toEqual([['apt', 'known', 'overdue']]);
  const set = lifeOf('acme-db-1').host.automated;
  expect(see('acme-db-1', 'patch_automation', set - 1)).toEqual([['apt', 'known', 'overdue']]);
  expect(see('acme-db-1', 'patch_automation', set)).toEqual([['apt', 'known', 'compliant']]);
  const { from, to } = faultOf('acme-db-1', 'automation_off');
  expect(see('acme-db-1', 'patch_automation', from)).toEqual([['apt', 'known', 'overdue']]);
  expect(see('acme-db-1', 'patch_automation', to)).toEqual([['apt', 'known', 'compliant']]);
  const { deployments } = lifeOf('acme-db-1').patching;
  expect(
    deployments.filter(({ value }) => (value.lastWaiting ?? 0) > from && (value.lastWaiting ?? 0) < to),
  ).toEqual([]);
});

test('a host on which nothing is installed for 35 days is overdue, and a run that waits for its reboot is no success', () => {
  const { to } = faultOf('acme-pc-2', 'patching_paused');
  const life = lifeOf('acme-pc-2');
  const last = valueAt(life.patching.deployments, to - 1)?.lastSuccess ?? 0;
  expect(see('acme-pc-2', 'patch_deployment', last + 35 * day)).toEqual([['', 'known', 'compliant']]);
  expect(see('acme-pc-2', 'patch_deployment', last + 35 * day + 1)).toEqual([['', 'known', 'overdue']]);
  expect(last + 35 * day).toBeLessThan(to);
  const waits = lifeOf('acme-db-2').patching.deployments.find(
    ({ value }) => value.waiting > 0 && (value.lastWaiting ?? 0) > (value.lastSuccess ?? 0),
  );
  const [verdict] = verdictsOf('patch_deployment', lifeOf('acme-db-2'), waits?.from ?? 0, policy);
  expect(verdict?.age).toBe((waits?.from ?? 0) - (waits?.value.lastSuccess ?? 0));
  expect(verdict?.age).toBeGreaterThan(0);
});

test('firmware that nobody installs slips after thirty days and is overdue after ninety-two', () => {
  const life = lifeOf('acme-pc-3');
  const { to } = faultOf('acme-pc-3', 'firmware_put_off');
  const oldest = valueAt(life.firmware, to - day)?.oldest ?? 0;
  expect(to - oldest).toBeGreaterThan(92 * day);
  const firmware = (control: PlayedControl, instant: number) =>
    see('acme-pc-3', control, instant).find(([object]) => object === 'fwupd');
  expect(firmware('patch_slip', oldest + 30 * day)).toEqual(['fwupd', 'known', 'compliant']);
  expect(firmware('patch_slip', oldest + 30 * day + 1)).toEqual(['fwupd', 'known', 'overdue']);
  expect(firmware('patch_firmware', oldest + 92 * day)).toEqual(['fwupd', 'known', 'compliant']);
  expect(firmware('patch_firmware', oldest + 92 * day + 1)).toEqual(['fwupd', 'known', 'overdue']);
  expect(see('acme-db-1', 'patch_firmware', end - day)).toEqual([]);
});

test('a firmware service that gives no answer leaves its updates unknown', () => {
  const { from, to } = faultOf('birch-desk-1', 'collector_blind', 'fwupd');
  expect(see('birch-desk-1', 'patch_firmware', from)).toEqual([['fwupd', 'unknown', 'not compliant']]);
  expect(see('birch-desk-1', 'patch_slip', from).map(([object, known]) => [object, known])).toEqual([
    ['apt', 'known'],
    ['fwupd', 'unknown'],
  ]);
  expect(see('birch-desk-1', 'patch_firmware', to)[0]?.[1]).toBe('known');
});

test('a scanner that stops is overdue after a week, and after two weeks its "none" says nothing', () => {
  const { from, to } = faultOf('acme-db-1', 'scanner_stopped');
  const life = lifeOf('acme-db-1');
  const scan = valueAt(life.scans, from);
  const tells = scan?.database ?? 0;
  expect(from - tells).toBeLessThan(2 * day);
  expect(see('acme-db-1', 'vulnerability_scan', tells + 7 * day)).toEqual([['trivy', 'known', 'compliant']]);
  expect(see('acme-db-1', 'vulnerability_scan', tells + 7 * day + 1)).toEqual([
    ['trivy', 'known', 'overdue'],
  ]);
  for (const [control, severity] of [
    ['vulnerability_critical', 'critical'],
    ['vulnerability_high', 'important'],
  ] as const) {
    const open = (scan?.open[severity].count ?? 0) > 0;
    expect(see('acme-db-1', control, tells + 14 * day)[0]?.[1]).toBe('known');
    expect(see('acme-db-1', control, tells + 14 * day + 1)[0]?.[1]).toBe(open ? 'known' : 'unknown');
  }
  expect(see('acme-db-1', 'vulnerability_scan', to + day)).toEqual([['trivy', 'known', 'compliant']]);
});

test('a new scan of an old database is as old as the database', () => {
  const { from, to } = faultOf('birch-app-1', 'vulnerability_database_stuck');
  expect(see('birch-app-1', 'vulnerability_scan', from + 9 * day)).toEqual([['trivy', 'known', 'overdue']]);
  const scan = valueAt(lifeOf('birch-app-1').scans, from + 9 * day);
  expect(from + 9 * day - (scan?.at ?? 0)).toBeLessThan(day);
  expect(see('birch-app-1', 'vulnerability_scan', to + day)).toEqual([['trivy', 'known', 'compliant']]);
});

test('a vulnerability is as old as its fix, and gone at the scan after the update', () => {
  const life = lifeOf('acme-erp-1');
  const { from = 0, to = 0 } =
    every.find(
      (fault) =>
        fault.instance === 'acme-erp-1' &&
        fault.kind === 'patching_paused' &&
        fault.classes.includes('security'),
    ) ?? {};
  const scan = valueAt(life.scans, to - day);
  const update = life.patching.securityUpdates.find(
    ({ available, installed }) => available > from && available < to - 2 * day && installed >= to,
  );
  const { critical, important, moderate } = scan?.open ?? {};
  expect([critical?.oldest, important?.oldest, moderate?.oldest]).toContain(update?.available);
  const oldest = important?.oldest ?? critical?.oldest ?? 0;
  const control = important?.oldest === undefined ? 'vulnerability_critical' : 'vulnerability_high';
  expect(verdictsOf(control, life, to - day, policy)).toMatchObject([
    { known: true, age: to - day - oldest },
  ]);
});

test('reports of a scanner that cannot be read leave every vulnerability unknown', () => {
  const { from, to } = faultOf('birch-file-1', 'collector_blind', 'trivy');
  for (const control of ['vulnerability_critical', 'vulnerability_high', 'vulnerability_scan'] as const) {
    expect(see('birch-file-1', control, from)[0]?.slice(0, 2)).toEqual(['trivy', 'unknown']);
    expect(see('birch-file-1', control, to)[0]?.slice(0, 2)).toEqual(['trivy', 'known']);
  }
  expect(see('acme-pc-1', 'vulnerability_scan', end - day)).toEqual([]);
});

test('a system past its support is known not to be in order, until it is upgraded', () => {
  const { from, to } = faultOf('acme-app-1', 'support_ended');
  expect(see('acme-app-1', 'os_supported', from - 1)).toEqual([['debian', 'known', 'compliant']]);
  expect(see('acme-app-1', 'os_supported', from)).toEqual([['debian', 'known', 'overdue']]);
  expect(see('acme-app-1', 'os_supported', to - 1)).toEqual([['debian', 'known', 'overdue']]);
  expect(see('acme-app-1', 'os_supported', to)).toEqual([['debian', 'known', 'compliant']]);
  const told = [from - 1, from, to].map((instant) => {
    const samples = scrape(lifeOf('acme-app-1'), instant) ?? [];
    return samples.find(({ name }) => name === 'maintenance_os_support_end_timestamp_seconds');
  });
  expect(told).toEqual([
    {
      name: 'maintenance_os_support_end_timestamp_seconds',
      labels: { os: 'debian', version: '11' },
      value: from,
    },
    told[0],
    expect.objectContaining({ labels: { os: 'debian', version: '12' } }),
  ]);
  expect(told[2]?.value).toBeGreaterThan(end);
});

test('nothing pending on a system past its support is unknown, and on a supported one in order', () => {
  const { from, to } = faultOf('acme-app-1', 'support_ended');
  const life = lifeOf('acme-app-1');
  expect(valueAt(life.patching.pending.security, to - hour)).toEqual({ count: 0, oldest: undefined });
  expect(see('acme-app-1', 'patch_security', from - 1)).toEqual([['apt', 'known', 'compliant']]);
  expect(verdictsOf('patch_security', life, to - hour, policy)).toMatchObject([
    { object: 'apt', known: false, compliant: false, age: undefined },
  ]);
  expect(see('acme-app-1', 'patch_security', to)).toEqual([['apt', 'known', 'compliant']]);
});

test('when support ends cannot be read: whether there is any is unknown, what is pending is not', () => {
  const { from } = faultOf('birch-desk-2', 'collector_blind');
  expect(see('birch-desk-2', 'os_supported', from)).toEqual([['ubuntu', 'unknown', 'not compliant']]);
  expect(see('birch-desk-2', 'os_supported', from + day)).toEqual([['', 'unknown', 'not compliant']]);
  expect(see('birch-desk-2', 'patch_security', from)).toEqual([['apt', 'known', 'compliant']]);
});

test('conditions change exactly where the verdicts do', () => {
  for (const instance of [
    'acme-mail-1',
    'acme-file-1',
    'birch-db-1',
    'acme-pc-5',
    'acme-app-1',
    'birch-desk-2',
    'birch-file-1',
    'acme-db-1',
    'acme-app-2',
    'acme-pc-3',
  ]) {
    const life = lifeOf(instance);
    const own = conditions({ ...world, lives: [life] }, policy);
    let found = 0;
    for (let instant = world.start; instant < end; instant += 3571) {
      for (const { control, object, overdue, known } of verdicts(life, instant, policy)) {
        const holds = (missing: boolean): boolean =>
          own.some(
            ({ labels, spans }) =>
              (labels['alertname'] === 'MaintenanceControlMissing') === missing &&
              labels['control'] === control &&
              (labels['object'] ?? '') === object &&
              spanAt(spans, instant) !== undefined,
          );
        if (holds(false) !== overdue)
          expect.unreachable(`${instance} ${control} ${object} at ${instant}: ${overdue}`);
        if (holds(true) !== (object === '' && !known && valueAt(life.up, instant) === true))
          expect.unreachable(`${instance} ${control} at ${instant}: missing ${holds(true)}`);
        if (holds(false)) found += 1;
      }
    }
    expect(found).toBeGreaterThan(20);
  }
});

function patchAge(instance: string, instant: number): number {
  return verdictsOf('patch_standard', lifeOf(instance), instant, policy)[0]?.age ?? 0;
}

/** Object, whether it is known, and what is said of it. */
function see(instance: string, control: PlayedControl, instant: number) {
  return verdictsOf(control, lifeOf(instance), instant, policy).map(
    ({ object, known, compliant, overdue }) => [
      object,
      known ? 'known' : 'unknown',
      compliant ? 'compliant' : overdue ? 'overdue' : 'not compliant',
    ],
  );
}

function lifeOf(instance: string): Life {
  const life = world.lives.find(({ host }) => host.instance === instance);
  if (life === undefined) throw new Error(`no host ${instance}`);
  return life;
}

function faultOf(instance: string, kind: Fault['kind'], collector?: string): Fault {
  const scripted = every.filter(
    (fault) =>
      fault.instance === instance &&
      fault.kind === kind &&
      (collector === undefined || ('collector' in fault && fault.collector === collector)),
  );
  // Exporters also fall silent for some hours here and there.
  const longest = scripted.toSorted((a, b) => b.to - b.from - (a.to - a.from))[0];
  if (longest === undefined) throw new Error(`${instance} has no ${kind}`);
  return longest;
}
