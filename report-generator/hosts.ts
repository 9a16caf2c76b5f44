import { recorded } from '../alerts/records.ts';
import { type LastEvaluation, recordedThen } from './last-evaluation.ts';
import { askedAt } from './month-query.ts';
import type { Period } from './period.ts';
import type { Prometheus, Sample } from './prometheus.ts';
import type { Snapshot } from './snapshot.ts';

type HostRow = Snapshot['hosts'][number];
type Cell = HostRow['controls'][string];

/** Every host of the customer at the last evaluation of the month, worst first. */
export async function readHosts(
  prometheus: Prometheus,
  customer: string,
  controls: readonly string[],
  period: Period,
  last: LastEvaluation | undefined,
): Promise<readonly HostRow[]> {
  if (last === undefined) return [];
  const asked = [
    recorded('instance:maintenance_host_expected:bool', { customer }),
    recorded('instance:maintenance_control_compliant:min', { customer }),
    recorded('instance:maintenance_control_known:min', { customer }),
  ].map((selector) => prometheus.values(recordedThen(selector, last), askedAt(period)));
  const [inventory = [], compliant = [], known = []] = await Promise.all(asked);
  const rows = hostRows({ inventory, compliant, known }, controls);
  return last.speaksForEnd ? rows : rows.map(withNothingKnown).toSorted(worstFirst);
}

/**
 * Rows from what was recorded about hosts at one instant.
 * @throws Error when two series tell of the same control of the same host.
 */
export function hostRows(
  facts: Readonly<Record<'inventory' | 'compliant' | 'known', readonly Sample[]>>,
  controls: readonly string[],
): readonly HostRow[] {
  const compliant = byHostAndControl(facts.compliant);
  const known = byHostAndControl(facts.known);
  const hosts = new Map(
    [...facts.inventory, ...facts.compliant, ...facts.known]
      // Tasks belong to the customer and to no host.
      .filter(({ labels }) => (labels['instance'] ?? '') !== '')
      .map(({ labels }) => [
        keyOf(labels),
        { instance: labels['instance'] ?? '', role: labels['role'] ?? '' },
      ]),
  );
  const rows = [...hosts].map(([key, host]) => ({
    ...host,
    controls: Object.fromEntries(
      controls.map((control): [string, Cell] => {
        const id = `${key} ${control}`;
        return [control, cellOf(compliant.get(id), known.get(id))];
      }),
    ),
  }));
  return rows.toSorted(worstFirst);
}

/** Met only where both records say so; what only one of them speaks of is unknown. */
function cellOf(compliant: number | undefined, known: number | undefined): Cell {
  if (compliant === undefined && known === undefined) return null;
  if (known !== 1 || compliant === undefined) return 'unknown';
  return compliant === 1 ? 'met' : 'missed';
}

function withNothingKnown({ controls, ...host }: HostRow): HostRow {
  const cells = Object.entries(controls).map(([control, cell]) => [
    control,
    cell === null ? null : 'unknown',
  ]);
  return { ...host, controls: Object.fromEntries(cells) };
}

function worstFirst(one: HostRow, other: HostRow): number {
  const count = ({ controls }: HostRow, sought: Cell): number =>
    Object.values(controls).filter((cell) => cell === sought).length;
  return (
    count(other, 'missed') - count(one, 'missed') ||
    count(other, 'unknown') - count(one, 'unknown') ||
    (one.instance < other.instance ? -1 : Number(one.instance > other.instance))
  );
}

function byHostAndControl(samples: readonly Sample[]): ReadonlyMap<string, number> {
  const values = new Map<string, number>();
  for (const { labels, value } of samples) {
    const key = `${keyOf(labels)} ${labels['control'] ?? ''}`;
    if (values.has(key))
      throw new Error(
        `More than one series tells of ${labels['control']} on ${labels['instance']}. Ask one Prometheus, or a querier that removes duplicates.`,
      );
    values.set(key, value);
  }
  return values;
}

function keyOf(labels: Sample['labels']): string {
  return JSON.stringify([labels['instance'] ?? '', labels['role'] ?? '']);
}
