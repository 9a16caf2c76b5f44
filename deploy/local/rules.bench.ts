import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, vi } from 'vitest';
import { z } from 'zod';
import { generate } from '../../alerts/generate.ts';
import { readPolicy } from '../../alerts/policy.ts';
import { scrape } from '../../simulator/metrics.ts';
import { labelText, line, writeOpenMetrics } from '../../simulator/openmetrics.ts';
import { type Life, play } from '../../simulator/world.ts';
import { type Prometheus, startPrometheus } from './prometheus.ts';

// What a minute of all rules costs Prometheus: the simulated hosts, copied until they are HOSTS, with a day of what was recorded of
// them. The windows of a day read every sample in them, so the cost of one sample is measured apart, on few hosts with one sample a
// minute: a real history of 10,000 hosts would take an hour to write.
const hosts = Number(process.env['HOSTS'] ?? 1000);
const step = Number(process.env['STEP'] ?? 3600);
const fewHosts = Number(process.env['FEW_HOSTS'] ?? 100);
const rounds = 4;

const policy = readPolicy('alerts/policy.yaml');
const end = Math.floor(Date.now() / 60_000) * 60 - 60;
const day = 86_400;
const world = play(policy, 1, end);
const remembered =
  '{__name__=~"object:maintenance_control_(seen:bool|since_timestamp_seconds:now|state:now)"}';

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
  const lines = [
    '',
    `${hosts} hosts, rules every ${policy.evaluation_interval} s; seconds of evaluation, best of ${rounds}`,
    '',
  ];
  const total = { measured: 0, expected: 0 };
  for (const [group, seconds] of many.groups) {
    // What one sample a minute adds to one an hour, per host.
    const more = (fewByMinute.groups.get(group) ?? 0) - (few.groups.get(group) ?? 0);
    const expected = seconds + (Math.max(0, more) / fewHosts) * hosts;
    total.measured += seconds;
    total.expected += expected;
    lines.push(row(group, seconds, expected));
  }
  lines.push(row('all', total.measured, total.expected));
  lines.push('', `processor time of one evaluation of all: ${many.processor.toFixed(2)} s`);
  lines.push('', `Slowest rules, one sample in ${step} s:`, ...slowest(many));
  lines.push('', `Slowest rules at ${fewHosts} hosts, one sample a minute:`, ...slowest(fewByMinute));
  console.log(lines.join('\n'));
});

function share(seconds: number): string {
  return `${((100 * seconds) / policy.evaluation_interval).toFixed(1)} %`.padStart(8);
}

function row(group: string, seconds: number, expected: number): string {
  const cells = [group.padEnd(32), seconds.toFixed(2).padStart(7), share(seconds)];
  return [...cells, '  with a sample a minute:', expected.toFixed(2).padStart(7), share(expected)].join(' ');
}

function slowest({ rules }: Costs): readonly string[] {
  const sorted = [...rules].toSorted(([, a], [, b]) => b - a).slice(0, 10);
  return sorted.map(([rule, seconds]) => `  ${seconds.toFixed(3).padStart(8)}  ${rule}`);
}

/** Seconds by name. */
interface Costs {
  readonly groups: ReadonlyMap<string, number>;
  readonly rules: ReadonlyMap<string, number>;
  /** What the processors spent on one evaluation of everything: the same on a busy machine, where all else takes longer. */
  readonly processor: number;
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
  const files = Object.entries(generate(policy)).filter(([name]) => /^(records|alerts)\.yaml$/.test(name));
  const ruleFiles = files.map(([name, text]) => {
    const file = join(directory, name);
    writeFileSync(file, text.replaceAll(/^( +interval: ).+$/gm, '$115s'));
    return file;
  });
  const prometheus = await startPrometheus({
    name: 'Prometheus of the benchmark',
    directory,
    port: 0,
    ruleFiles,
    flags: [
      `--query.lookback-delta=${every + 3600}s`,
      '--storage.tsdb.retention.time=10y',
      '--query.timeout=10m',
    ],
  });
  try {
    const costs = await bestOf(prometheus);
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

const ruleAnswer = z.object({
  data: z.object({
    groups: z.array(
      z.object({
        name: z.string(),
        evaluationTime: z.number(),
        lastEvaluation: z.iso.datetime({ offset: true }),
        rules: z.array(
          z.object({
            name: z.string(),
            labels: z.record(z.string(), z.string()).optional(),
            evaluationTime: z.number(),
            health: z.string(),
            lastError: z.string().optional(),
          }),
        ),
      }),
    ),
  }),
});

function least(of: Map<string, number>, name: string, seconds: number): void {
  of.set(name, Math.min(of.get(name) ?? Infinity, seconds));
}

/** The least of some evaluations: the first one makes the series, and others may have had to share the processor. */
async function bestOf({ url }: Prometheus): Promise<Costs> {
  const evaluated = new Map<string, Set<string>>();
  const costs = { groups: new Map<string, number>(), rules: new Map<string, number>() };
  let from = { cpu: 0, round: 0 };
  const slowestRound = () => Math.min(...[...evaluated.values()].map(({ size }) => size));
  await vi.waitUntil(
    async () => {
      const response = await fetch(`${url}/api/v1/rules`);
      const { groups } = ruleAnswer.parse(await response.json()).data;
      for (const { name, lastEvaluation, evaluationTime, rules } of groups) {
        const [broken] = rules.filter(({ health }) => health === 'err');
        if (broken !== undefined) throw new Error(`${broken.name}: ${broken.lastError}`);
        const times = evaluated.get(name) ?? new Set();
        evaluated.set(name, times);
        if (lastEvaluation.startsWith('0001') || times.has(lastEvaluation)) continue;
        times.add(lastEvaluation);
        if (times.size === 1) continue;
        least(costs.groups, name, evaluationTime);
        for (const rule of rules)
          least(costs.rules, `${rule.name}${JSON.stringify(rule.labels ?? {})}`, rule.evaluationTime);
      }
      if (groups.length === 0) return false;
      if (from.round === 0 && slowestRound() > 0)
        from = { cpu: await processorTime(url), round: slowestRound() };
      return slowestRound() > rounds;
    },
    { timeout: 1_200_000, interval: 1000 },
  );
  const processor = ((await processorTime(url)) - from.cpu) / (slowestRound() - from.round);
  return { ...costs, processor };
}

/** Seconds that Prometheus has spent on processors. */
async function processorTime(url: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return Number(/^process_cpu_seconds_total (.+)$/m.exec(text)?.[1]);
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
