import { vector } from '../../exporter/metrics.ts';
import type { VulnerabilitiesFacts } from '../facts/vulnerabilities.ts';
import type { Measuring } from '../kpi.ts';
import { askedAt, rangeOf } from '../month-query.ts';
import { byText, keyOf, rank, readMonthEnd, scrapedThen, valueOf } from './month-end.ts';

type Scanner = VulnerabilitiesFacts['scanners'][number];

/**
 * PromQL: which vulnerabilities count as critical, as for the control vulnerability_critical: those of unknown severity may
 * be, and debsecan has no higher word than important.
 */
export const criticalOnes = [
  { severity: ['critical', 'unknown'] },
  { severity: 'important', scanner: 'debsecan' },
] as const;

/** Vulnerabilities of every scanned host at the end of the month. */
export async function readVulnerabilities(measuring: Measuring): Promise<VulnerabilitiesFacts | undefined> {
  const end = await readMonthEnd(measuring, ['vulnerability_critical', 'vulnerability_scan']);
  if (end === undefined) return undefined;
  const states = (['vulnerability_critical', 'vulnerability_scan'] as const).flatMap((control) =>
    end.objects(control).map((state) => ({ control, state })),
  );
  if (states.length === 0) return undefined;
  const { customer } = measuring;
  const then = (query: string, ...labels: readonly string[]) =>
    scrapedThen(measuring, end.last, query, ['instance', 'scanner', ...labels]);
  const [open, exploited, scans, databases] = await Promise.all([
    then(
      `sum by (instance, scanner, severity) (${vector('maintenance_vulnerabilities_open', { customer })})`,
      'severity',
    ),
    then(vector('maintenance_vulnerabilities_exploited_open', { customer })),
    then(vector('maintenance_vulnerability_scan_timestamp_seconds', { customer })),
    then(vector('maintenance_vulnerability_database_timestamp_seconds', { customer })),
  ]);
  const scanners = Map.groupBy(states, ({ state }) =>
    JSON.stringify([state.instance, state.role, state.object]),
  );
  const rows = [...scanners.values()].flatMap((own): readonly Scanner[] => {
    const [first] = own;
    if (first === undefined) return [];
    const { instance, role, object: scanner } = first.state;
    const critical = own.find(({ control }) => control === 'vulnerability_critical')?.state;
    const scanned = own.find(({ control }) => control === 'vulnerability_scan')?.state;
    const isKnown = critical !== undefined && critical.verdict !== 'unknown';
    const counted = (...severities: readonly string[]): number | null => {
      const counts = severities.map((severity) => valueOf(open, instance, scanner, severity));
      const known = counts.filter((count) => count !== null);
      return !isKnown || known.length === 0 ? null : known.reduce((sum, count) => sum + count, 0);
    };
    const worst = scanner === 'debsecan' ? ['critical', 'unknown', 'important'] : ['critical', 'unknown'];
    return [
      {
        instance,
        role,
        scanner,
        critical: critical?.verdict ?? null,
        scanned: scanned?.verdict ?? null,
        scannedAt: valueOf(scans, instance, scanner),
        database: valueOf(databases, instance, scanner),
        open: {
          critical: counted(...worst),
          important: scanner === 'debsecan' ? null : counted('important'),
          other: counted('moderate', 'low'),
        },
        exploited: isKnown ? valueOf(exploited, instance, scanner) : null,
        age: critical?.age ?? null,
        limit: critical?.limit ?? null,
        gap: end.gap(instance, [critical?.verdict ?? null, scanned?.verdict ?? null]),
      },
    ];
  });
  const all = rows.length > 0 && rows.every(({ open: { critical } }) => critical !== null);
  const named = rows.map(({ instance, scanner }) => keyOf([instance, scanner]));
  return {
    scanners: rows.toSorted(worstFirst),
    opened: all ? await grown('maintenance_vulnerabilities_opened_total', measuring, named) : null,
    closed: all ? await grown('maintenance_vulnerabilities_closed_total', measuring, named) : null,
  };
}

/**
 * By how much the counters of these scanners grew in the month, exactly: the last value less the first, of counters that
 * never fell. Null where one of them cannot tell of the whole month.
 */
async function grown(
  name: 'maintenance_vulnerabilities_opened_total' | 'maintenance_vulnerabilities_closed_total',
  { prometheus, customer, month: { period } }: Measuring,
  scanners: readonly string[],
): Promise<number | null> {
  const selected = criticalOnes.map((match) => vector(name, { customer, ...match }));
  const by = 'sum by (instance, scanner)';
  const at = async (query: string, instant: number) =>
    new Map(
      (await prometheus.values(query, instant)).map(({ labels, value }) => [
        keyOf([labels['instance'] ?? '', labels['scanner'] ?? '']),
        value,
      ]),
    );
  const [first, last, falls] = await Promise.all([
    at(`${by} (${selected.join(' or ')})`, period.start),
    at(`${by} (${selected.join(' or ')})`, askedAt(period)),
    at(
      `${by} (${selected.map((each) => `resets(${each}${rangeOf(period)})`).join(' or ')})`,
      askedAt(period),
    ),
  ]);
  let sum = 0;
  for (const scanner of scanners) {
    const [begin, end] = [first.get(scanner), last.get(scanner)];
    if (begin === undefined || end === undefined || (falls.get(scanner) ?? 0) > 0) return null;
    sum += end - begin;
  }
  return sum;
}

function worstFirst(one: Scanner, other: Scanner): number {
  return (
    rank([one.critical]) - rank([other.critical]) ||
    rank([one.scanned]) - rank([other.scanned]) ||
    (other.open.critical ?? 0) - (one.open.critical ?? 0) ||
    (other.age ?? 0) - (one.age ?? 0) ||
    byText(one.instance, other.instance)
  );
}
