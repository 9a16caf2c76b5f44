import { at, byteAt, countAt, flagAt, listAt, numberAt, type Report, textAt } from '../report.ts';
import { type SelfTest, type SelfTestKind, type SelfTestLog, verdict } from './log.ts';

/** The log's clock has 16 bits: it starts again after 7.5 years (smartctl(8), `--log=selftest`). */
const wrapsAfter = 65_536;

/** The extended log has all a disk kept; some disks support it and write only to the old one. */
export function ataTests(report: Report): SelfTestLog | undefined {
  const running = isRunning(report);
  const logs = ['extended', 'standard'].flatMap((name) => {
    const log = at(report, 'ata_smart_self_test_log', name);
    const rows = listAt(log, 'table');
    // Without an entry there is no table; without a count smartctl found the log to be damaged.
    const logged = rows.length > 0 ? rows.length : countAt(log, 'count');
    return logged === undefined ? [] : [{ rows, logged }];
  });
  const log = logs.find(({ rows }) => rows.length > 0) ?? logs[0];
  if (log === undefined && running === undefined) return undefined;
  return {
    tests: (log?.rows ?? []).flatMap(testOf),
    logged: log?.logged,
    running,
    wrapsAfter,
  };
}

const kinds: readonly SelfTestKind[] = ['offline', 'short', 'extended', 'conveyance', 'selective'];

/** ACS-4 9.17: bit 7 of the kind tells captive tests, 0x7f is "abort" and no test. */
function kindOf(number: number): SelfTestKind | undefined {
  if ((number >= 0x40 && number < 0x7f) || number >= 0x90) return 'vendor';
  return number === 0x80 ? undefined : kinds[number < 0x80 ? number : number - 0x80];
}

function testOf(row: unknown): readonly SelfTest[] {
  const kind = kindOf(byteAt(row, 'type', 'value') ?? 0x7f);
  if (kind === undefined) return [];
  const hours = numberAt(row, ['lifetime_hours'], 0, wrapsAfter - 1);
  return [{ kind, passed: passedOf(row), hours: Number.isInteger(hours) ? hours : undefined }];
}

/**
 * The upper half of the status decides. smartctl's `passed` is true also for a test that runs and for a status that no
 * standard defines, and missing for a fatal error, which it counts as failed all the same (smartmontools
 * ataprint.cpp, ataPrintSmartSelfTestEntry).
 */
function passedOf(row: unknown): boolean | undefined {
  const status = byteAt(row, 'status', 'value');
  if (status === undefined) return undefined;
  const passed = verdict(Math.floor(status / 16), [3, 4, 5, 6, 7, 8]);
  return passed === true && flagAt(row, 'status', 'passed') === false ? undefined : passed;
}

/** 0xf0 is either "under 10 % left" or, on some Samsung disks, "ended, result unknown" (smartctl -F samsung3). */
function isRunning(report: Report): boolean | undefined {
  const status = byteAt(report, 'ata_smart_data', 'self_test', 'status', 'value');
  if (status === undefined) return undefined;
  if (status < 0xf0) return false;
  return status === 0xf0 && /^samsung/i.test(textAt(report, 'model_name') ?? '') ? undefined : true;
}
