import type { Check } from '../backup/facts.ts';
import { parseCtime } from '../system/ctime.ts';
import { localToUnix } from '../system/local-time.ts';

/**
 * The last scrub of a pool: it reads every block and compares its checksum. From `zpool status` under TZ=UTC (zpool_main.c,
 * print_scan_scrub_resilver_status). Undefined when there was none, it is under way or was stopped; a resilver is none, since it
 * only reads what a new disk lacks.
 */
export function parseScrub(text: string): Check | undefined {
  const [, errors, date] = /^ *scan: scrub repaired \S+ in .+ with (\d+) errors on (.+)$/m.exec(text) ?? [];
  const time = parseCtime(date ?? '');
  const at = time === undefined ? undefined : localToUnix(time, 'UTC');
  if (at === undefined) return undefined;
  return { depth: 'data', at, success: errors === '0' && /^errors: No known data errors$/m.test(text) };
}
