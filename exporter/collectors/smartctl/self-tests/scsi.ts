import { byteAt, countAt, flagAt, type Report } from '../report.ts';
import { type SelfTestKind, type SelfTestLog, verdict } from './log.ts';

/** SPC-4 table 333: results 3 to 7 are failures, and smartctl takes 3, "unknown error, incomplete", for one as well. */
export function scsiTests(report: Report): SelfTestLog | undefined {
  const rows = Object.keys(report)
    .flatMap((key) => {
      const [, number] = /^scsi_self_test_(\d{1,2})$/.exec(key) ?? [];
      return number === undefined ? [] : [{ number: Number(number), row: report[key] }];
    })
    .toSorted((a, b) => a.number - b.number)
    .flatMap(({ row }) => (byteAt(row, 'code', 'value') === undefined ? [] : [row]));
  const running = flagAt(report, 'scsi_self_test_status', 'in_progress');
  if (running === undefined && rows.length === 0) return undefined;
  const kinds: readonly (SelfTestKind | undefined)[] = [
    'default',
    'short',
    'extended',
    undefined,
    undefined,
    'short',
    'extended',
  ];
  return {
    tests: rows.flatMap((row) => {
      const kind = kinds[byteAt(row, 'code', 'value') ?? 3];
      const passed = verdict(byteAt(row, 'result', 'value'), [3, 4, 5, 6, 7]);
      const hours = countAt(row, 'power_on_time', 'hours');
      // The clock stops there, so that it says "then or later" (SPC-4 7.3.17).
      return kind === undefined ? [] : [{ kind, passed, hours: hours === 0xff_ff ? undefined : hours }];
    }),
    logged: rows.length,
    running,
  };
}
