import type { Check } from '../backup/facts.ts';
import { parseCtime } from '../system/ctime.ts';
import { localToUnix } from '../system/local-time.ts';

/**
 * The last scrub of a file system: it reads every block and compares its checksum. From `btrfs scrub status` under TZ=UTC
 * (cmds/scrub.c, print_scrub_summary). Undefined when there was none, or it was not finished: it says `no errors found` then all the same.
 */
export function parseScrub(text: string): Check | undefined {
  const field = (name: string) => new RegExp(`^${name}: +(.+)$`, 'm').exec(text)?.[1]?.trim();
  const started = parseCtime(field('Scrub (?:started|resumed)') ?? '');
  const at = started === undefined ? undefined : localToUnix(started, 'UTC');
  const summary = field('Error summary');
  if (at === undefined || summary === undefined || field('Status') !== 'finished') return undefined;
  return {
    depth: 'data',
    at: at + duration(field('Duration') ?? ''),
    success: summary === 'no errors found',
  };
}

/** `1:02:03` as seconds. */
function duration(text: string): number {
  const [hours, minutes, seconds] = /^(\d+):(\d\d):(\d\d)$/.exec(text)?.slice(1).map(Number) ?? [];
  return (hours ?? 0) * 3600 + (minutes ?? 0) * 60 + (seconds ?? 0);
}
