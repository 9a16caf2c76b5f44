import { parseCtime } from '../system/ctime.ts';
import { localToUnix } from '../system/local-time.ts';
import type { VolumeFacts } from '../volume/facts.ts';

interface Row {
  readonly depth: number;
  readonly name: string;
  /** Undefined for the name of a section. */
  readonly state: string | undefined;
  readonly counts: readonly (number | undefined)[];
  readonly note: string;
  readonly section: string;
}

/**
 * Pools in `zpool status -p` under TZ=UTC (OpenZFS 0.8 to 2.3: cmd/zpool/zpool_main.c, print_status_config,
 * print_scan_scrub_resilver_status). Health is left out of a pool whose description is not complete.
 */
export function parseStatus(text: string): readonly VolumeFacts[] {
  return text
    .split(/^(?= *pool: )/m)
    .filter((part) => /^ *pool: \S/.test(part))
    .map(pool);
}

function pool(text: string): VolumeFacts {
  const field = (name: string) => new RegExp(`^ *${name}: (.+)$`, 'm').exec(text)?.[1]?.trim();
  const name = field('pool') ?? '';
  const state = field('state') ?? '';
  const rows = rowsOf(text);
  const errors = field('errors');
  const dataErrors = errors === 'No known data errors' ? 0 : /^(\d+) data errors/.exec(errors ?? '')?.[1];
  const damaged = errors !== undefined && /data errors, use|Permanent errors/.test(errors);
  const slots = slotsOf(rows.filter(({ section }) => section !== 'spares'));
  const lacking = slots.filter(({ whole }) => !whole).length;
  const resilver = /^ *scan: resilver.* in progress/m.test(text);
  const counts = [0, 1, 2].map((column) => total(rows, column));
  const counted = counts.every((count) => count !== undefined);
  const complete = slots.length > 0 && counted && errors === 'No known data errors';
  const bad =
    state !== 'ONLINE' || lacking > 0 || damaged || resilver || counts.some((count) => (count ?? 0) > 0);
  return {
    volume: name,
    level: levelOf(rows),
    healthy: state === '' ? undefined : bad ? false : complete ? true : undefined,
    operational: operational(state),
    members: slots.length === 0 ? undefined : slots.length,
    degradedMembers: slots.length === 0 ? undefined : lacking,
    spares:
      rows.length === 0
        ? undefined
        : rows.filter((row) => row.section === 'spares' && row.state === 'AVAIL').length,
    rebuilt: resilver ? percent(text) : undefined,
    errors: {
      read: counts[0],
      write: counts[1],
      checksum: counts[2],
      data: dataErrors === undefined ? undefined : Number(dataErrors),
    },
    ...scrub(text),
  };
}

function operational(state: string): boolean | undefined {
  if (state === 'ONLINE' || state === 'DEGRADED') return true;
  return ['FAULTED', 'UNAVAIL', 'SUSPENDED', 'OFFLINE', 'REMOVED'].includes(state) ? false : undefined;
}

/** The table under `config:`; names below a device stand further to the right. */
function rowsOf(text: string): readonly Row[] {
  const table =
    /^\s*NAME +STATE +READ +WRITE +CKSUM.*\n([^]*?)(?:\n\s*\n|^errors:|$(?![^]))/m.exec(text)?.[1] ?? '';
  let section = 'data';
  return table.split('\n').flatMap((line): readonly Row[] => {
    const [, indent, name, state, read, write, checksum, note] =
      /^\t( *)(\S+)(?: +([A-Z]+)(?: +(\S+) +(\S+) +(\S+))?(.*))?\s*$/.exec(line) ?? [];
    if (name === undefined) return [];
    if (state === undefined) {
      section = name;
      return [];
    }
    const listed =
      section === 'spares' ? [0, 0, 0] : [read, write, checksum].map((count) => number(count ?? ''));
    return [{ depth: indent?.length ?? 0, name, state, counts: listed, note: note ?? '', section }];
  });
}

/** Places for a device: one that is being replaced, and one that a spare stands in for, are one place each. */
function slotsOf(rows: readonly Row[]): readonly { readonly whole: boolean }[] {
  const slots: { whole: boolean }[] = [];
  let within = Infinity;
  for (const [index, row] of rows.entries()) {
    const whole = row.state === 'ONLINE' && !row.note.includes('(resilvering)');
    if (row.depth > within) {
      const last = slots.at(-1);
      if (last !== undefined) last.whole &&= whole;
      continue;
    }
    within = Infinity;
    const leaf = (rows[index + 1]?.depth ?? -1) <= row.depth;
    const stands = /^(?:replacing|spare)-\d+$/.test(row.name);
    if (stands) within = row.depth;
    if (leaf || stands) slots.push({ whole });
  }
  return slots;
}

/** Errors are counted where they happen; a group repeats what its devices could not put right, so the devices are added up, or the groups where they say more. */
function total(rows: readonly Row[], column: number): number | undefined {
  const leaves = rows.filter((row, index) => (rows[index + 1]?.depth ?? -1) <= row.depth);
  const others = rows.filter((row) => !leaves.includes(row));
  const sum = (some: readonly Row[]) =>
    some.reduce<number | undefined>((so, { counts }) => {
      const count = counts[column];
      return so === undefined || count === undefined ? undefined : so + count;
    }, 0);
  const [below, above] = [sum(leaves), sum(others)];
  return rows.length === 0 || below === undefined || above === undefined ? undefined : Math.max(below, above);
}

/** `1.32K`, as it is printed without -p. */
function number(text: string): number | undefined {
  const [, count, unit = ''] = /^(\d+(?:\.\d+)?)([KMGT]?)$/.exec(text) ?? [];
  return count === undefined ? undefined : Math.round(Number(count) * 1000 ** ' KMGT'.indexOf(unit || ' '));
}

function levelOf(rows: readonly Row[]): string {
  const groups = rows.flatMap(({ name, section }) => {
    const found = /^(mirror|raidz\d?|draid\d?)[:\w]*-\d+$/.exec(name)?.[1];
    return section !== 'data' || found === undefined ? [] : [found];
  });
  return groups.length === 0 ? 'stripe' : [...new Set(groups)].join('+');
}

function percent(text: string): number {
  return Math.min(1, Number(/ (\d+(?:\.\d+)?)% done/.exec(text)?.[1] ?? 0) / 100);
}

/** Only one that ended: a resilver reads no more than what a new disk lacks. */
function scrub(text: string): Pick<VolumeFacts, 'scrubbed' | 'scrubErrors'> {
  const [, errors, date] = /^ *scan: scrub repaired \S+ in .+ with (\d+) errors on (.+)$/m.exec(text) ?? [];
  const time = parseCtime(date ?? '');
  const scrubbed = time === undefined ? undefined : localToUnix(time, 'UTC');
  return scrubbed === undefined ? {} : { scrubbed, scrubErrors: Number(errors) };
}
