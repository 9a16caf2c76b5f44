import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parsePolicy } from '../alerts/policy.ts';
import { loadFile } from '../deploy/local/history.ts';
import type { Prometheus } from '../deploy/local/prometheus.ts';
import { startHistory } from '../deploy/local/stack.ts';
import { day } from '../simulator/calendar.ts';
import { writeOpenMetrics } from '../simulator/openmetrics.ts';
import { onlyFor } from '../simulator/scenarios/policy.ts';
import { endOf, type Scenario, startOf, storyOf } from '../simulator/scenarios/scenario.ts';
import { simulate } from '../simulator/simulate.ts';
import { measure } from './measure.ts';
import { monthPeriod } from './period.ts';
import { prometheusAt } from './prometheus.ts';

// What a report costs: the whole command in a process of its own, beside the time its queries take without it. A month of ten
// simulated hosts is copied until they are HOSTS of one customer; three hosts until they are of CUSTOMERS customers.
const hosts = Number(process.env['HOSTS'] ?? 1000);
const customers = Number(process.env['CUSTOMERS'] ?? 200);
const zone = 'Europe/Madrid';
const month = '2026-04';
const stepSeconds = 21_600;
/** MB: what a run over many customers may take, however many they are. */
const memoryOfMany = 500;
/** Questions under way at a time, as the report asks. */
const atOnce = 4;

const servers = ['db-1', 'app-1', 'file-1'];
const ten: Scenario = {
  name: 'large',
  about: 'A large customer',
  zone,
  month,
  hosts: [
    ...servers.map((name) => ({ name, role: 'server' as const })),
    ...[1, 2, 3, 4, 5, 6, 7].map((index) => ({ name: `pc-${index}`, role: 'workstation' as const })),
  ],
  troubles: [
    ['file-1', 3, 4, { kind: 'backup_failing', job: 'nightly' }],
    ['app-1', 9, 1, { kind: 'exporter_down' }],
    ['pc-1', 12, 2, { kind: 'antivirus_stopped' }],
    ['pc-2', 5, 9, { kind: 'patching_paused', classes: ['security'] }],
    ['db-1', 25, 3, { kind: 'disk_failing', disk: 1 }],
  ],
};
const three: Scenario = {
  ...ten,
  name: 'small',
  hosts: ten.hosts.slice(0, 3),
  troubles: ten.troubles.slice(0, 2),
};

interface Copy {
  readonly from: RegExp;
  readonly to: (index: number) => string;
  readonly count: number;
}

test('a report of many hosts', { timeout: 3_600_000 }, async () => {
  const copies = Math.ceil(hosts / ten.hosts.length);
  const copy = {
    from: /(instance|disk|serial)="([^"]+)"/g,
    to: (index: number) => `$1="$2-${index}"`,
    count: copies,
  };
  await withHistory(ten, [ten.name], copy, async ({ url }, directory, policyFile) => {
    const asked = await questions(url, policyFile, ten.name);
    const before = await askAll(url, asked);
    const run = await report(url, directory, policyFile, ['--customer', ten.name]);
    const after = await askAll(url, asked);
    const queries = (before + after) / 2;
    const pdf = readFileSync(join(directory, 'out', ten.name, month, 'report.pdf'), 'latin1');
    const pages = pdf.match(/\/Type \/Page\b(?!s)/g)?.length ?? 0;
    print([
      `one report, ${copies * ten.hosts.length} hosts, ${pages} pages, ${asked.length} queries`,
      row('whole command', run.seconds, 's', 1.5 * queries + 1),
      row('its queries alone', queries, 's'),
      row('processor time', run.processor, 's'),
      row('peak memory', run.megabytes, 'MB', 150),
      row('of the help text alone', (await help()).megabytes, 'MB'),
    ]);
  });
});

// A tenth of them shows whether memory grows with their number.
test.each([customers / 10, customers])('reports of %d customers', { timeout: 3_600_000 }, async (count) => {
  const names = Array.from({ length: count }, (_, index) => `small-${index}`);
  const copy = { from: /"small(?=[-"])/g, to: (index: number) => `"small-${index}`, count };
  await withHistory(three, names, copy, async ({ url }, directory, policyFile) => {
    const run = await report(url, directory, policyFile, ['--all-customers']);
    print([
      `${count} customers of ${three.hosts.length} hosts in one run`,
      row('whole command', run.seconds, 's'),
      row('for each of them', run.seconds / count, 's'),
      row('processor time', run.processor, 's'),
      row('peak memory', run.megabytes, 'MB', memoryOfMany),
    ]);
  });
});

function row(what: string, value: number, unit: string, target?: number): string {
  const wanted = target === undefined ? '' : `  target: at most ${target.toFixed(1)} ${unit}`;
  return `${what.padEnd(24)} ${value.toFixed(1).padStart(8)} ${unit}${wanted}`;
}

function print(lines: readonly string[]): void {
  console.log(`\n${lines.join('\n')}\n`);
}

/** Loads the copies of a scenario into a Prometheus of their own. */
async function withHistory(
  scenario: Scenario,
  names: readonly string[],
  copy: Copy,
  use: (prometheus: Prometheus, directory: string, policyFile: string) => Promise<void>,
): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'report-bench-'));
  const described = names.map(
    (name) =>
      `  ${name}: { name: Customer ${name}, zone: ${zone}, language: en, currency: EUR, working_hours: { mon-fri: [09:00-17:00] } }\n`,
  );
  const shipped = readFileSync('alerts/policy.yaml', 'utf8');
  const section = /^customers:\n(?: .*\n|\n)*/m;
  const policyFile = join(directory, 'policy.yaml');
  // The shipped customers have no hosts here.
  writeFileSync(
    policyFile,
    shipped.replace(section, (own) => own + described.join('')),
  );
  const { lines } = simulate({
    seed: 1,
    end: endOf(scenario),
    stepSeconds,
    alertsStepSeconds: 300,
    policy: onlyFor(
      [scenario.name],
      parsePolicy(
        shipped.replace(
          'customers:\n',
          `customers:\n  ${scenario.name}: { name: x, zone: ${zone}, language: en, currency: EUR, working_hours: { mon-fri: [09:00-17:00] } }\n`,
        ),
      ),
    ),
    story: storyOf(scenario),
  });
  const path = join(directory, 'history.om');
  const data = join(directory, 'data');
  mkdirSync(data);
  await writeOpenMetrics(path, copied(lines({ from: startOf(scenario), to: endOf(scenario) }), copy));
  await loadFile(path, data);
  const prometheus = await startHistory(directory, stepSeconds);
  try {
    await use(prometheus, directory, policyFile);
  } finally {
    await prometheus.stop();
    rmSync(directory, { recursive: true });
  }
}

/** What is read over the whole month: sums of customers, alerts, backup runs. All else is read as it was when the month ended. */
const allMonth = /^(?:customer:|ALERTS|maintenance_backup_)/;

function* copied(lines: Iterable<string>, { from, to, count }: Copy): Generator<string> {
  const { end } = monthPeriod(month, zone);
  const ofCustomers = to(0).startsWith('"');
  for (const line of lines) {
    if (line.startsWith('object:')) continue;
    if (!line.includes('customer="')) {
      yield line;
      continue;
    }
    const at = Number(line.slice(line.lastIndexOf(' ')));
    if (!allMonth.test(line) && (at < end - day / 2 || at >= end)) continue;
    if (line.startsWith('customer:') && !ofCustomers) {
      const [series, value] = [line.slice(0, line.indexOf('} ') + 1), line.slice(line.indexOf('} ') + 2)];
      const shown = Number(value.slice(0, value.indexOf(' ')));
      yield `${series} ${series.includes(':sum{') ? shown * count : shown} ${at}\n`;
      continue;
    }
    for (let index = 0; index < count; index++) yield line.replaceAll(from, to(index));
  }
}

interface Question {
  readonly query: string;
  readonly time: string;
}

/** What a report of the customer asks. */
async function questions(url: string, policyFile: string, customer: string): Promise<readonly Question[]> {
  const policyText = readFileSync(policyFile, 'utf8');
  const real = prometheusAt(url);
  const asked = new Map<string, Question>();
  const note = (query: string, instant: number): void => {
    const time = instant.toFixed(3);
    asked.set(`${time} ${query}`, { query, time });
  };
  await measure(
    { policy: parsePolicy(policyText), policyText, customer, month },
    {
      values: (query, instant) => {
        note(query, instant);
        return real.values(query, instant);
      },
      samples: (query, instant) => {
        note(query, instant);
        return real.samples(query, instant);
      },
      version: () => real.version(),
    },
  );
  return [...asked.values()];
}

/** @returns seconds until every answer was received, four at a time, nothing parsed. */
async function askAll(url: string, asked: readonly Question[]): Promise<number> {
  const left = [...asked];
  const begin = performance.now();
  const worker = async (): Promise<void> => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      const answer = await fetch(`${url}/api/v1/query`, {
        method: 'POST',
        body: new URLSearchParams({ ...next }),
      });
      await answer.arrayBuffer();
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return (performance.now() - begin) / 1000;
}

interface Spent {
  readonly seconds: number;
  /** Seconds of a processor. */
  readonly processor: number;
  readonly megabytes: number;
}

/** Runs the command; 2 is written with gaps: the shipped policy asks for more than is simulated. */
function report(
  url: string,
  directory: string,
  policyFile: string,
  whose: readonly string[],
): Promise<Spent> {
  const where = ['--prometheus', url, '--policy', policyFile, '--out', join(directory, 'out')];
  return command([...whose, ...where, '--quiet', '--month', month]);
}

/** What it takes to start. */
function help(): Promise<Spent> {
  return command(['--help']);
}

async function command(args: readonly string[]): Promise<Spent> {
  const tell = `process.on('exit', () => { const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage(); process.stderr.write('peak ' + maxRSS + ' ' + (userCPUTime + systemCPUTime) + '\\n'); })`;
  const begin = performance.now();
  const hook = `data:text/javascript,${encodeURIComponent(tell)}`;
  const child = spawn(process.execPath, ['--import', hook, 'report-generator/main.ts', ...args]);
  child.stdout.resume();
  let said = '';
  child.stderr.on('data', (part: Buffer) => (said += part.toString()));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  const seconds = (performance.now() - begin) / 1000;
  expect(code, said).toBeOneOf([0, 2]);
  const [, kilobytes, microseconds] = /^peak (\d+) (\d+)$/m.exec(said) ?? [];
  return { seconds, processor: Number(microseconds) / 1e6, megabytes: Number(kilobytes) / 1024 };
}
