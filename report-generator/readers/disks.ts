import { type MetricName, vector } from '../../exporter/metrics.ts';
import type { DiskFact, DisksFacts } from '../facts/disks.ts';
import type { Measuring } from '../kpi.ts';
import {
  byText,
  keyOf,
  labelOf,
  type MonthEnd,
  rank,
  readMonthEnd,
  scrapedThen,
  type Scraped,
  valueOf,
} from './month-end.ts';
import { readVolumes } from './volumes.ts';

type DiskMetric = Extract<MetricName, `maintenance_disk_${string}`>;

const gauges = {
  present: 'maintenance_disk_present',
  passed: 'maintenance_disk_smart_healthy',
  capacity: 'maintenance_disk_capacity_bytes',
  wear: 'maintenance_disk_wear_ratio',
  temperature: 'maintenance_disk_temperature_celsius',
} as const satisfies Readonly<Record<string, DiskMetric>>;

const errorMetrics = {
  reallocated: 'maintenance_disk_reallocated_sectors',
  pending: 'maintenance_disk_pending_sectors',
  uncorrectable: 'maintenance_disk_uncorrectable_errors',
  media: 'maintenance_disk_media_errors_total',
} as const satisfies Readonly<Record<string, DiskMetric>>;

/** How long after the beginning of the month a disk is looked for that was there when it began, in seconds: a silence may fall on midnight. */
const firstDay = 86_400;

/** Every disk and volume at the end of the month, with what the month added. */
export async function readDisks(measuring: Measuring): Promise<DisksFacts | undefined> {
  const end = await readMonthEnd(measuring, ['disk_health', 'disk_self_test', 'volume_health']);
  if (end === undefined) return undefined;
  const volumes = await readVolumes(measuring, end);
  const states = (['disk_health', 'disk_self_test'] as const).flatMap((control) =>
    end.objects(control).map((state) => ({ control, state })),
  );
  if (states.length === 0 && volumes.length === 0) return undefined;
  const facts = await diskFacts(measuring, end);
  const disks = Map.groupBy(states, ({ state }) =>
    JSON.stringify([state.instance, state.role, state.object]),
  );
  const rows = [...disks.values()].flatMap((own): readonly DiskFact[] => {
    const [first] = own;
    if (first === undefined) return [];
    const { instance, role, object: disk } = first.state;
    const health = own.find(({ control }) => control === 'disk_health')?.state.verdict ?? null;
    const tested = own.find(({ control }) => control === 'disk_self_test')?.state.verdict ?? null;
    return [
      {
        instance,
        role,
        disk,
        health,
        ...facts.of(instance, disk),
        selfTest: tested === null ? null : { verdict: tested, ...facts.selfTest(instance, disk) },
        gap: end.gap(instance, [health, tested]),
      },
    ];
  });
  const silent = new Set(rows.filter(({ gap }) => gap === 'silent').map(({ instance }) => instance));
  const named = new Set(states.map(({ state }) => state.object));
  const retired = [...facts.before.values()]
    .map(({ labels }) => ({
      instance: labels['instance'] ?? '',
      disk: labels['disk'] ?? '',
      model: labels['model'] ?? '',
      serial: labels['serial'] ?? '',
    }))
    .filter(({ instance, disk }) => end.last.speaksForEnd && !named.has(disk) && !silent.has(instance));
  return {
    disks: rows.toSorted(worstFirst),
    retired: retired.toSorted((one, other) => byText(one.instance + one.disk, other.instance + other.disk)),
    volumes,
  };
}

async function diskFacts(measuring: Measuring, { last }: MonthEnd) {
  const { prometheus, customer, month } = measuring;
  const then = (query: string, ...labels: readonly string[]) => scrapedThen(measuring, last, query, labels);
  const worst = (name: DiskMetric): string => `max by (instance, disk) (${vector(name, { customer })})`;
  const begin = month.period.start + firstDay;
  const infoBefore = `last_over_time(${vector('maintenance_disk_info', { customer })}[1d])`;
  const atBegin = async (name: DiskMetric): Promise<Scraped> => {
    const query = `max by (instance, disk) (last_over_time(${vector(name, { customer })}[1d]))`;
    const samples = await prometheus.values(query, month.period.start);
    return new Map(
      samples.map((sample) => [
        keyOf([sample.labels['instance'] ?? '', sample.labels['disk'] ?? '']),
        sample,
      ]),
    );
  };
  const selfTest = { customer };
  const [info, seen, tests, results, values, errors, earlier] = await Promise.all([
    then(vector('maintenance_disk_info', { customer }), 'instance', 'disk'),
    prometheus.values(infoBefore, begin),
    then(
      `max by (instance, disk) (${vector('maintenance_disk_self_test_last_timestamp_seconds', selfTest)})`,
      'instance',
      'disk',
    ),
    then(
      `min by (instance, disk) (${vector('maintenance_disk_self_test_last_success', selfTest)})`,
      'instance',
      'disk',
    ),
    byName(gauges, (name) => then(worst(name), 'instance', 'disk')),
    byName(errorMetrics, (name) => then(worst(name), 'instance', 'disk')),
    byName(errorMetrics, atBegin),
  ]);
  // A disk keeps its name when it moves to another host.
  const before = new Map(seen.map((sample) => [sample.labels['disk'] ?? '', sample]));
  const errorsOf = (kind: keyof typeof errorMetrics, instance: string, disk: string) => {
    const count = valueOf(errors(kind), instance, disk);
    const first = valueOf(earlier(kind), instance, disk);
    return count === null ? null : { count, grown: first === null ? null : count - first };
  };
  return {
    before,
    of: (instance: string, disk: string) => ({
      model: labelOf(info, 'model', instance, disk),
      serial: labelOf(info, 'serial', instance, disk),
      device: labelOf(info, 'device', instance, disk),
      present: isTrue(values('present'), instance, disk),
      passed: isTrue(values('passed'), instance, disk),
      capacity: valueOf(values('capacity'), instance, disk),
      wear: valueOf(values('wear'), instance, disk),
      temperature: valueOf(values('temperature'), instance, disk),
      reallocated: errorsOf('reallocated', instance, disk),
      pending: errorsOf('pending', instance, disk),
      uncorrectable: errorsOf('uncorrectable', instance, disk),
      media: errorsOf('media', instance, disk),
      // Where nothing at all was known when the month began, every disk would look new.
      isNew: before.size === 0 || disk === '' ? null : !before.has(disk),
    }),
    selfTest: (instance: string, disk: string) => ({
      at: valueOf(tests, instance, disk),
      success: isTrue(results, instance, disk),
    }),
  };
}

/** The answers by what the metrics are called here. */
async function byName<K extends string>(
  names: Readonly<Record<K, DiskMetric>>,
  ask: (name: DiskMetric) => Promise<Scraped>,
): Promise<(name: K) => Scraped> {
  const metrics: readonly (readonly [string, DiskMetric])[] = Object.entries(names);
  const answers = new Map(
    await Promise.all(metrics.map(async ([key, name]) => [key, await ask(name)] as const)),
  );
  const none: Scraped = new Map();
  return (name) => answers.get(name) ?? none;
}

function worstFirst(one: DiskFact, other: DiskFact): number {
  return (
    rank([one.health]) - rank([other.health]) ||
    rank(verdictsOf(one)) - rank(verdictsOf(other)) ||
    (other.wear ?? 0) - (one.wear ?? 0) ||
    byText(one.instance + one.disk, other.instance + other.disk)
  );
}

function verdictsOf({ health, selfTest }: DiskFact) {
  return [health, selfTest?.verdict ?? null];
}

function isTrue(facts: Scraped, instance: string, disk: string): boolean | null {
  const value = valueOf(facts, instance, disk);
  return value === null ? null : value === 1;
}
