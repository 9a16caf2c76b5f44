import { globSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { replay } from '../../replay.ts';
import {
  askCommand,
  ataReport,
  ataTest,
  collectReport,
  facts,
  fullAtaReport,
  fullNvmeReport,
  fullSasReport,
  hasShared,
  labelled,
  now,
  nvmeReport,
  nvmeTest,
  sasReport,
  scanCommand,
  scsiTest,
  shared,
} from '../../fixtures/smartctl/reports.ts';
import { smartctl } from '../smartctl.ts';
import { at, listAt, numberAt, parseReport, textAt } from './report.ts';

interface Tests {
  readonly last: Record<string, number>;
  readonly success: Record<string, number>;
  readonly logged: number | undefined;
  readonly running: number | undefined;
}

async function testsOf(report: object): Promise<Tests> {
  const { samples } = await collectReport(JSON.stringify(report));
  expect(facts(samples)).toMatchObject({ readable: 1 });
  const known = facts(samples);
  return {
    last: labelled(samples, 'maintenance_disk_self_test_last_timestamp_seconds'),
    success: labelled(samples, 'maintenance_disk_self_test_last_success'),
    logged: known['self_tests_logged'],
    running: known['self_test_running'],
  };
}

const hoursAgo = (hours: number, minutes = 0) => now - hours * 3600 - minutes * 60;

/** An ATA disk that has run for so long, with this in its log. */
const ata = (hours: number, table: readonly object[], more: object = {}) => ({
  ...ataReport,
  power_on_time: { hours },
  ata_smart_self_test_log: { standard: { revision: 1, table, count: table.length } },
  ...more,
});

describe('self-tests of an ATA disk', () => {
  test('the last one of each kind that came to a verdict, by when the disk counted that hour', async () => {
    const table = [
      ataTest(0x81, 0, 998),
      ataTest(1, 0x71, 990),
      ataTest(2, 0x75, 900),
      ataTest(2, 0, 800),
      ataTest(3, 0, 700),
      ataTest(4, 0x40, 600),
      ataTest(0, 0, 500),
      ataTest(0x7f, 0, 400),
      ataTest(0x90, 0, 300),
      ataTest(5, 0, 200),
      ataTest(0x80, 0, 100),
    ];
    expect(await testsOf(ata(1000, table))).toEqual({
      last: {
        short: hoursAgo(2),
        extended: hoursAgo(100),
        conveyance: hoursAgo(300),
        selective: hoursAgo(400),
        offline: hoursAgo(500),
        vendor: hoursAgo(700),
      },
      success: { short: 1, extended: 0, conveyance: 1, selective: 0, offline: 1, vendor: 1 },
      logged: 11,
    });
  });

  test.each([
    ['aborted', 0x15],
    ['interrupted', 0x29],
    ['still running, though smartctl says passed', 0xf5],
    ['of an unknown status, though smartctl says passed', 0x90],
  ])('one that was %s is no verdict: the one before it counts', async (_, status) => {
    const failed = await testsOf(ata(1000, [ataTest(2, status, 999), ataTest(2, 0x70, 500)]));
    expect(failed).toMatchObject({ last: { extended: hoursAgo(500) }, success: { extended: 0 } });
    const passed = await testsOf(ata(1000, [ataTest(2, status, 999), ataTest(2, 0, 500)]));
    expect(passed).toMatchObject({ last: { extended: hoursAgo(500) }, success: { extended: 1 } });
    expect(await testsOf(ata(1000, [ataTest(2, status, 999)]))).toEqual({ last: {}, success: {}, logged: 1 });
  });

  test('a fatal error is a failure, though smartctl gives no verdict', async () => {
    const { success } = await testsOf(ata(1000, [ataTest(1, 0x30, 999), ataTest(1, 0, 998)]));
    expect(success).toEqual({ short: 0 });
  });

  test.each([
    ['before the clock wraps', 65_535, 65_535, 0],
    ['just after', 65_536, 65_535, 1],
    ['on both sides', 66_000, 65_000, 1000],
    ['wholly after', 66_000, 400, 64],
    ['after the second time', 140_000, 8000, 140_000 - 131_072 - 8000],
    ['exactly one round ago, which looks like now', 70_000, 4464, 0],
  ])('the clock has 16 bits: %s', async (_, hours, stamp, ago) => {
    expect((await testsOf(ata(hours, [ataTest(1, 0, stamp)]))).last).toEqual({ short: hoursAgo(ago) });
  });

  test('minutes of the disk’s clock make it older, not younger', async () => {
    const report = ata(1000, [ataTest(1, 0, 1000)], { power_on_time: { hours: 1000, minutes: 59 } });
    expect((await testsOf(report)).last).toEqual({ short: hoursAgo(0, 59) });
  });

  test('a test from the future, or of a disk that does not tell its hours, is of unknown age', async () => {
    const future = await testsOf(ata(1000, [ataTest(1, 0, 1001)]));
    expect(future).toEqual({ last: {}, success: { short: 1 }, logged: 1 });
    const { power_on_time: _, ...timeless } = ata(1000, [ataTest(1, 0, 900)]);
    expect(await testsOf(timeless)).toEqual({ last: {}, success: { short: 1 }, logged: 1 });
    const impossible = await testsOf(ata(1000, [{ ...ataTest(1, 0, 1), lifetime_hours: 65_536 }]));
    expect(impossible.last).toEqual({});
  });

  test('the hours of the device statistics do where there are no others', async () => {
    const { power_on_time: _, ...report } = ata(1000, [ataTest(1, 0, 900)]);
    const table = [{ offset: 16, value: 950, flags: { valid: true, normalized: false } }];
    const pages = [{ number: 1, table }];
    const told = await testsOf({ ...report, ata_device_statistics: { pages } });
    expect(told.last).toEqual({ short: hoursAgo(50) });
  });

  test('the extended log counts, unless it is empty or damaged', async () => {
    const old = { revision: 1, count: 1, table: [ataTest(1, 0, 500)] };
    const log = (extended: object, standard: object = old) =>
      testsOf(ata(1000, [], { ata_smart_self_test_log: { extended, standard } }));
    const full = { revision: 1, count: 1, table: [ataTest(1, 0, 900)] };
    expect((await log(full)).last).toEqual({ short: hoursAgo(100) });
    expect((await log({ revision: 1, count: 0 })).last).toEqual({ short: hoursAgo(500) });
    expect((await log({ revision: 1, sectors: 1 })).last).toEqual({ short: hoursAgo(500) });
    expect(await log({ revision: 1, count: 0 }, { revision: 1, count: 0 })).toMatchObject({ logged: 0 });
    expect(await log({ revision: 1 }, { revision: 1 })).toEqual({ last: {}, success: {} });
  });

  test('a disk without such a log, and one that tells only whether a test runs', async () => {
    expect(await testsOf(ataReport)).toEqual({ last: {}, success: {} });
    const running = (value: number, more: object = {}) =>
      testsOf({ ...ataReport, ata_smart_data: { self_test: { status: { value } } }, ...more });
    expect(await running(0xf9)).toEqual({ last: {}, success: {}, running: 1 });
    expect(await running(0)).toMatchObject({ running: 0 });
    // Samsung's 0xf0 may also mean that a test ended.
    expect(await running(0xf0)).not.toHaveProperty('running', 1);
    expect(await running(0xf0, { model_name: 'WDC WD10EFRX' })).toMatchObject({ running: 1 });
  });

  test('all of it in one report, past the wrap', async () => {
    expect(await testsOf(fullAtaReport)).toEqual({
      last: { short: hoursAgo(24, 12), extended: hoursAgo(64, 12) },
      success: { short: 1, extended: 0 },
      logged: 4,
      running: 1,
    });
  });
});

describe('self-tests of an NVMe disk', () => {
  const nvme = (table: readonly unknown[], operation = 0) => ({
    ...nvmeReport,
    nvme_self_test_log: { nsid: -1, current_self_test_operation: { value: operation }, table },
  });

  test('by its own log (smartctl 7.4), with unused entries between', async () => {
    expect(await testsOf(fullNvmeReport)).toEqual({
      last: { short: hoursAgo(22), extended: hoursAgo(112) },
      success: { short: 1, extended: 0 },
      logged: 4,
      running: 1,
    });
  });

  test.each([1, 2, 3, 4, 8, 9, 10, 15])('result %i is no verdict', async (result) => {
    const { success } = await testsOf(nvme([nvmeTest(1, result, 800), nvmeTest(1, 0, 700)]));
    expect(success).toEqual({ short: 1 });
    expect((await testsOf(nvme([nvmeTest(1, result, 800)]))).success).toEqual({});
  });

  test.each([5, 6, 7])('result %i is a failure', async (result) => {
    expect((await testsOf(nvme([nvmeTest(14, result, 800)]))).success).toEqual({ vendor: 0 });
  });

  test('its clock has 64 bits and does not wrap; a test from the future is of unknown age', async () => {
    expect((await testsOf(nvme([nvmeTest(1, 0, 813)]))).last).toEqual({});
    const old = { ...nvme([nvmeTest(1, 0, 10)]), power_on_time: { hours: 65_546 } };
    expect((await testsOf(old)).last).toEqual({ short: hoursAgo(65_536) });
  });

  test('a log without entries is 0 tests, no log is unknown', async () => {
    const { nvme_self_test_log: log } = nvme([]);
    const { table: _, ...empty } = log;
    expect(await testsOf({ ...nvmeReport, nvme_self_test_log: empty })).toEqual({
      last: {},
      success: {},
      logged: 0,
      running: 0,
    });
    expect(await testsOf(nvmeReport)).toEqual({ last: {}, success: {} });
  });
});

describe('self-tests of a SCSI disk', () => {
  test('foreground and background are one kind, the newest decided one counts', async () => {
    expect(await testsOf(fullSasReport)).toEqual({
      last: { short: hoursAgo(49, 33), extended: hoursAgo(549, 33) },
      success: { short: 1, extended: 0 },
      logged: 3,
      running: 0,
    });
  });

  test.each([3, 4, 5, 6, 7])('result %i is a failure', async (result) => {
    const report = { ...sasReport, scsi_self_test_0: scsiTest(0, result, 43_000) };
    expect((await testsOf(report)).success).toEqual({ default: 0 });
  });

  test.each([1, 2, 8, 14, 15])('result %i is no verdict', async (result) => {
    const report = { ...sasReport, scsi_self_test_0: scsiTest(1, result, 43_000) };
    expect(await testsOf(report)).toEqual({ last: {}, success: {}, logged: 1 });
  });

  test('in the order of their numbers, wherever they stand', async () => {
    const report = {
      ...sasReport,
      scsi_self_test_10: scsiTest(1, 0, 100),
      scsi_self_test_2: scsiTest(1, 4, 200),
      scsi_self_test_status: { in_progress: true, completion_percent: 30 },
    };
    expect(await testsOf(report)).toMatchObject({ success: { short: 0 }, logged: 2, running: 1 });
  });

  test('its clock stops at 65,535 hours, which is then no time', async () => {
    const late = { ...sasReport, power_on_time: { hours: 70_000 }, scsi_self_test_0: scsiTest(2, 0, 65_535) };
    expect(await testsOf(late)).toMatchObject({ last: {}, success: { extended: 1 } });
    const early = { ...late, scsi_self_test_0: scsiTest(2, 0, 4464) };
    expect((await testsOf(early)).last).toEqual({ extended: hoursAgo(65_536) });
  });

  test('none was run, or none is kept', async () => {
    const none = { ...sasReport, scsi_self_test_status: { in_progress: false } };
    expect(await testsOf(none)).toEqual({ last: {}, success: {}, logged: 0, running: 0 });
    expect(await testsOf(sasReport)).toEqual({ last: {}, success: {} });
  });
});

describe('the time of a self-test', () => {
  const day = 86_400;
  /** One disk over several runs. */
  function disk() {
    const state = new Map<string, unknown>();
    const scan = '{"smartctl":{},"devices":[{"name":"/dev/sda","type":"scsi","protocol":"SCSI"}]}';
    const run = async (time: number, report: object) => {
      const commands = { [scanCommand]: scan, [askCommand('/dev/sda')]: JSON.stringify(report) };
      const { samples, problems } = await smartctl.collect(replay({ commands, now: time, state }), {});
      const last = labelled(samples, 'maintenance_disk_self_test_last_timestamp_seconds');
      return { last, problems: problems.map(({ reason }) => reason) };
    };
    return { state, run };
  }

  test('stays when the disk was switched off: its hours then stand still', async () => {
    const { run } = disk();
    const first = { short: now - 10 * 3600 };
    expect(await run(now, ata(1000, [ataTest(1, 0, 990)]))).toEqual({ last: first, problems: [] });
    expect((await run(now + 400 * day, ata(1001, [ataTest(1, 0, 990)]))).last).toEqual(first);
  });

  test('is that of the new test, and of each kind for itself', async () => {
    const { run } = disk();
    await run(now, ata(1000, [ataTest(1, 0, 990), ataTest(2, 0, 900)]));
    const table = [ataTest(1, 0, 1001), ataTest(1, 0, 990), ataTest(2, 0, 900)];
    expect((await run(now + 400 * day, ata(1001, table))).last).toEqual({
      short: now + 400 * day,
      extended: now - 100 * 3600,
    });
  });

  test('becomes earlier when it is known better', async () => {
    const { run } = disk();
    await run(now, ata(1000, [ataTest(1, 0, 990)]));
    const better = ata(1000, [ataTest(1, 0, 990)], { power_on_time: { hours: 1000, minutes: 50 } });
    expect((await run(now, better)).last).toEqual({ short: now - 10 * 3600 - 50 * 60 });
  });

  test('is reckoned anew, and said to be, when the memory is damaged', async () => {
    const { run, state } = disk();
    state.set('smartctl-self-tests', { tests: 7 });
    const { last, problems } = await run(now, ata(1000, [ataTest(1, 0, 990)]));
    expect({ last, problems }).toEqual({ last: { short: now - 10 * 3600 }, problems: ['state_unreadable'] });
    expect((await run(now + day, ata(1000, [ataTest(1, 0, 990)]))).problems).toEqual([]);
  });

  test('is not remembered of a disk without a name: another one may stand there tomorrow', async () => {
    const { run } = disk();
    const { wwn: _, serial_number: __, ...nameless } = ata(1000, [ataTest(1, 0, 990)]);
    await run(now, nameless);
    expect((await run(now + day, nameless)).last).toEqual({ short: now + day - 10 * 3600 });
  });

  test('is unknown when it would be before 1970', async () => {
    const { last } = await disk().run(now, ata(1_000_000, [], fullNvmeClock));
    expect(last).toEqual({});
  });
});

/** An NVMe disk that has been running for longer than there are computers. */
const fullNvmeClock = {
  ...nvmeReport,
  power_on_time: { hours: 1_000_000 },
  nvme_self_test_log: { current_self_test_operation: { value: 0 }, table: [nvmeTest(1, 0, 1)] },
};

/** Read a second way: by smartctl's words, not by its numbers. */
function inWords(
  report: unknown,
): Readonly<Record<string, { readonly passed: boolean; readonly hours: unknown }>> {
  const logs = ['extended', 'standard'].map((log) => listAt(report, 'ata_smart_self_test_log', log, 'table'));
  const found: Record<string, { passed: boolean; hours: unknown }> = {};
  for (const row of logs.find(({ length }) => length > 0) ?? []) {
    const kind = (textAt(row, 'type', 'string') ?? '').split(' ')[0]?.toLowerCase() ?? '';
    const status = textAt(row, 'status', 'string') ?? '';
    const passed = status === 'Completed without error';
    if (/^(?:Aborted|Interrupted|Self-test routine)/.test(status) || kind in found) continue;
    found[kind] = { passed, hours: at(row, 'lifetime_hours') };
  }
  return found;
}

describe.skipIf(!hasShared)('self-tests in reports of other projects (skipped without ../shared)', () => {
  test('are those that smartctl’s words tell, at their age', async () => {
    let compared = 0;
    for (const file of globSync('**/*.json', { cwd: shared })) {
      const text = readFileSync(`${shared}${file}`, 'utf8');
      const report = parseReport(text);
      const words = inWords(report);
      if (Object.keys(words).length === 0) continue;
      const { success, last } = await testsOf(report);
      expect(success, file).toEqual(
        Object.fromEntries(Object.entries(words).map(([kind, { passed }]) => [kind, Number(passed)])),
      );
      const powered = numberAt(report, ['power_on_time', 'hours'], 0, 1e6) ?? 0;
      for (const [kind, { hours }] of Object.entries(words))
        expect([0, 65_536], `${file}: ${kind}`).toContain(
          powered - Number(hours) - (now - (last[kind] ?? NaN)) / 3600,
        );
      compared += 1;
    }
    expect(compared).toBeGreaterThan(5);
  });
});
