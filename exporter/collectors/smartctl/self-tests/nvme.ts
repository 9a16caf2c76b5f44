import { byteAt, countAt, listAt, type Report } from '../report.ts';
import { type SelfTestKind, type SelfTestLog, verdict } from './log.ts';

/** NVM Express Base Specification 1.4, figures 202 and 203. A fatal error is one of the test, not of its host. */
export function nvmeTests(report: Report): SelfTestLog | undefined {
  const operation = byteAt(report, 'nvme_self_test_log', 'current_self_test_operation', 'value');
  // An array with holes: unused entries are skipped but keep their place.
  const rows = listAt(report, 'nvme_self_test_log', 'table').filter((row) => row !== null);
  if (operation === undefined && rows.length === 0) return undefined;
  const kinds = new Map<number, SelfTestKind>([
    [1, 'short'],
    [2, 'extended'],
    [14, 'vendor'],
  ]);
  return {
    tests: rows.flatMap((row) => {
      const kind = kinds.get(byteAt(row, 'self_test_code', 'value') ?? 0);
      const passed = verdict(byteAt(row, 'self_test_result', 'value'), [5, 6, 7]);
      return kind === undefined ? [] : [{ kind, passed, hours: countAt(row, 'power_on_hours') }];
    }),
    logged: rows.length,
    running: operation === undefined ? undefined : operation !== 0,
  };
}
