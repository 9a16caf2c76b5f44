import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'vitest';
import { z } from 'zod';
import { alertRules } from '../../alerts/alert-rules.ts';
import { parseDuration } from '../../alerts/duration.ts';
import { generate } from '../../alerts/generate.ts';
import { readPolicy } from '../../alerts/policy.ts';
import { recordRules } from '../../alerts/record-rules.ts';
import { scrape } from '../../simulator/metrics.ts';
import { labelText, line, writeOpenMetrics } from '../../simulator/openmetrics.ts';
import { type Life, play } from '../../simulator/world.ts';
import { type Prometheus, startPrometheus } from './prometheus.ts';
import { type Costs, evaluated } from './rule-costs.ts';

// What the rules cost Prometheus: the simulated hosts, copied until they are HOSTS, with a day of what the windows read. They read
// every sample in it, so the cost of one sample is measured apart, on few hosts with one sample a minute: a real history of
// 10,000 hosts would take an hour to write.
const hosts = Number(process.env['HOSTS'] ?? 1000);
const step = Number(process.env['STEP'] ?? 3600);
const fewHosts = Number(process.env['FEW_HOSTS'] ?? 20);
const rounds = 2;

const policy = readPolicy('alerts/policy.yaml');
const end = Math.floor(Date.now() / 60_000) * 60 - 60;
const day = 86_400;
const generated = generate(policy);
const world = play(policy, 1, end);
const remembered =
  '{__name__=~"object:maintenance_control_(seen:bool|(since|until)_timestamp_seconds:now|state:now)"}';
const intervals = new Map(
  [recordRules(policy), alertRules(policy)].flatMap(({ groups }) =>
    groups.map(
      ({ name, interval }) => [name, parseDuration(interval) ?? policy.evaluation_interval] as const,
    ),
  ),
);

type Labels = Readonly<Record<string, string>>;
interface Series {
  readonly name: string;
  readonly labels: Labels;
  readonly value: number;
}

test('the rules', { timeout: 3_600_000 }, async () => {
  const { recorded } = await measured(world.lives.length, [], 3600);
  const few = await measured(fewHosts, recorded, 3600);
  const fewByMinute = await measured(fewHosts, recorded, 60);
  const many = await measured(hosts, recorded, step);
  const rows = [...many.groups].map(([group, seconds]) => {
    // What one sample a minute adds to one an hour, per host.
    const more = (fewByMinute.groups.get(group) ?? 0) - (few.groups.get(group) ?? 0);
    return row(group, seconds, seconds + (Math.max(0, more) / fewHosts) * hosts);
  });
  const more = Math.max(0, fewByMinute.processor - few.processor);
  const processor = many.processor + (more / fewHosts) * hosts;
  const lines = [
    '',
    `${hosts} hosts: seconds one evaluation takes, best of ${rounds}, and share of the interval; with a sample in ${step} s, and one a minute`,
    '',
    ...rows.toSorted(),
    '',
    `processor time of one evaluation of every group: ${many.processor.toFixed(1)} s; with a sample a minute ${processor.toFixed(1)} s`,
    '',
    `Slowest records and alerts, all their rules together, one sample in ${step} s:`,
    ...slowest(many),
    '',
    `The same at ${fewHosts} hosts, one sample a minute:`,
    ...slowest(fewByMinute),
  ];
  console.log(lines.join('\n'));
});

function row(group: string, ...seconds: readonly number[]): string {
  const interval = intervals.get(group) ?? policy.evaluation_interval;
  const cells = seconds.flatMap((taken) => [
    taken.toFixed(2).padStart(9),
    `${((100 * taken) / interval).toFixed(1)} %`.padStart(8),
  ]);
  return [group.padEnd(30), `every ${interval} s`.padEnd(12), ...cells].join(' ');
}

function slowest({ rules }: Costs): readonly string[] {
  const sorted = [...rules].toSorted(([, a], [, b]) => b - a).slice(0, 10);
  return sorted.map(([rule, seconds]) => `  ${seconds.toFixed(3).padStart(8)}  ${rule}`);
}

/** What the rules cost over that many hosts, and what they record of them. */
async function measured(
  count: number,
  recorded: readonly Series[],
  every: number,
): Promise<Costs & { readonly recorded: readonly Series[] }> {
  const directory = mkdtempSync(join(tmpdir(), 'rules-bench-'));
  const path = join(directory, 'history.om');
  await writeOpenMetrics(path, history(count, recorded, every));
  const data = join(directory, 'data');
  mkdirSync(data);
  const create = ['tsdb', 'create-blocks-from', 'openmetrics', '--quiet', '--max-block-duration=744h'];
  execFileSync('promtool', [...create, path, data], { stdio: ['ignore', 'ignore', 'inherit'] });
  // Every group as often as the others.
  const writeRules = (interval: number): readonly string[] =>
    ['records.yaml', 'alerts.yaml'].map((name) => {
      const file = join(directory, name);
      const text = generated[name] ?? '';
      writeFileSync(file, text.replaceAll(/^( +interval: ).+$/gm, `$1${interval}s`));
      return file;
    });
  const prometheus = await startPrometheus({
    name: 'Prometheus of the benchmark',
    directory,
    port: 0,
    ruleFiles: writeRules(15),
    flags: [
      '--web.enable-lifecycle',
      `--query.lookback-delta=${every + 3600}s`,
      '--storage.tsdb.retention.time=10y',
      '--query.timeout=10m',
    ],
  });
  try {
    // The first evaluation makes the series. The others begin so seldom that none is late and has others evaluated twice.
    const first = await evaluated(prometheus.url, 1);
    writeRules(Math.max(15, Math.ceil(1.5 * Math.max(...first.groups.values()))));
    await fetch(`${prometheus.url}/-/reload`, { method: 'POST' });
    const costs = await evaluated(prometheus.url, rounds);
    return { ...costs, recorded: recorded.length > 0 ? [] : await query(prometheus, remembered) };
  } finally {
    await prometheus.stop();
    rmSync(directory, { recursive: true });
  }
}

/** The hosts of the simulator, copied: every fact in the last hours, what is read through windows for a day. */
function* history(count: number, recorded: readonly Series[], every: number): Generator<string> {
  for (let host = 0; host < count; host += 1) {
    const life = world.lives[host % world.lives.length];
    if (life === undefined) continue;
    const copy = Math.floor(host / world.lives.length);
    const own = recorded.filter(
      ({ labels }) => labels['instance'] === life.host.instance && labels['customer'] === life.host.customer,
    );
    for (const series of scraped(life)) {
      const { name, labels, value } = copied(series, copy);
      yield line(name, labelText(labels), value, end);
    }
    for (const series of [up(life), ...own]) {
      const { name, labels, value } = copied(series, copy);
      const text = labelText(labels);
      for (let instant = end - day + every; instant <= end; instant += every)
        yield line(name, text, value, instant);
    }
  }
}

function targetOf({ host: { customer, instance, role } }: Life): Labels {
  return { job: 'maintenance', customer, instance, role };
}

function up(life: Life): Series {
  return { name: 'up', labels: targetOf(life), value: 1 };
}

function scraped(life: Life): readonly Series[] {
  const target = targetOf(life);
  return (scrape(life, end) ?? []).map(({ name, labels, value }) => ({
    name,
    labels: { ...target, ...labels },
    value,
  }));
}

/** Another host with other disks. */
function copied({ name, labels, value }: Series, copy: number): Series {
  const renamed = Object.entries(labels).map(([label, text]) => {
    const own = label === 'instance' || label === 'disk' || label === 'serial' || text.startsWith('0x');
    return [label, own && copy > 0 ? `${text}-${copy}` : text] as const;
  });
  return { name, labels: Object.fromEntries(renamed), value };
}

const queryAnswer = z.object({
  data: z.object({
    result: z.array(
      z.object({ metric: z.record(z.string(), z.string()), value: z.tuple([z.number(), z.string()]) }),
    ),
  }),
});

async function query({ url }: Prometheus, expression: string): Promise<readonly Series[]> {
  const response = await fetch(`${url}/api/v1/query`, {
    method: 'POST',
    body: new URLSearchParams({ query: expression }),
  });
  return queryAnswer.parse(await response.json()).data.result.map(({ metric, value }) => {
    const { __name__: name = '', ...labels } = metric;
    return { name, labels, value: Number(value[1].replace('Inf', 'Infinity')) };
  });
}
