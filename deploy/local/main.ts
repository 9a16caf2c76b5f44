import { mkdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { Listr } from 'listr2';
import { readPolicy } from '../../alerts/policy.ts';
import { ensurePackages } from '../packages.ts';
import type { Alertmanager } from './alertmanager.ts';
import { ensureHistory } from './kept-history.ts';
import type { NotificationLog } from './notifications.ts';
import { type Running, startServer } from './process.ts';
import type { Prometheus } from './prometheus.ts';
import { type Exporter, startAlerting, startExporter, startHistory, startLive } from './stack.ts';
import { whatToLookAt } from './summary.ts';

/** Everything the stack writes; delete it to start anew. */
const directory = resolve('.local');
const policy = readPolicy('alerts/policy.yaml');
const customers = Object.keys(policy.customers);

/** What the steps leave for one another. */
interface Stack {
  exporter?: Exporter;
  alertmanager?: Alertmanager;
  notifications?: NotificationLog;
  live?: Prometheus;
  history?: Prometheus;
  acknowledgements?: string;
  reports: string[];
}

const stack: Stack = { reports: [] };
let stopping = false;
const started = Date.now();

const steps = new Listr<Stack>(
  [
    {
      title: 'Real servers: Prometheus and Alertmanager',
      task: (_, task) => ensurePackages('start', (line) => (task.output = line)),
    },
    {
      title: 'Exporter on this host',
      task: async (context) => {
        context.exporter = await startExporter(folder('exporter'));
      },
    },
    {
      title: 'Alertmanager with the generated routes',
      task: async (context) => {
        Object.assign(context, await startAlerting(folder('alertmanager')));
      },
    },
    {
      title: 'Prometheus with the generated rules',
      task: async (context) => {
        context.live = await startLive(
          folder('prometheus'),
          needed(context.exporter),
          needed(context.alertmanager),
          customers[0] ?? 'local',
        );
      },
    },
    {
      title: 'Simulated history: 20 hosts, two customers, 13 months',
      task: async (context, task) => {
        const kept = await ensureHistory(folder('history'), policy, (line) => (task.output = line));
        context.history = await startHistory(folder('history'), kept.stepSeconds);
        context.acknowledgements = kept.acknowledgements;
      },
    },
    {
      title: 'Last month’s reports',
      task: async (context, task) => {
        for (const customer of customers) {
          task.output = policy.customers[customer]?.name ?? customer;
          context.reports.push(
            await writeReport(customer, needed(context.history), needed(context.acknowledgements)),
          );
        }
      },
    },
  ],
  { fallbackRenderer: 'simple', fallbackRendererCondition: () => !process.stdout.isTTY },
);

process.once('SIGINT', () => void stop('Stopping.', 0));
process.once('SIGTERM', () => void stop('Stopping.', 0));
try {
  await steps.run(stack);
} catch (error) {
  await stop(`Not started: ${error instanceof Error ? error.message : String(error)}`, 1);
}
for (const server of servers())
  void server.ended.then((how) =>
    stop(`${server.name} ended (${how}); its log is ${relative('.', server.logFile)}`, 1),
  );
process.stdout.write(
  whatToLookAt({
    exporter: needed(stack.exporter).url,
    live: needed(stack.live).url,
    alertmanager: needed(stack.alertmanager).url,
    history: needed(stack.history).url,
    notificationFile: join(directory, 'alertmanager', 'notifications.jsonl'),
    reports: stack.reports,
    seconds: Math.round((Date.now() - started) / 1000),
  }),
);

function servers(): readonly Running[] {
  return [stack.live, stack.history, stack.alertmanager, stack.exporter].filter(
    (server) => server !== undefined,
  );
}

async function stop(message: string, exitCode: number): Promise<void> {
  if (stopping) return;
  stopping = true;
  process.stdout.write(`\n${message}\n`);
  await Promise.all([...servers().map((server) => server.stop()), stack.notifications?.close()]);
  process.exit(exitCode);
}

async function writeReport(customer: string, history: Prometheus, acknowledgements: string): Promise<string> {
  const out = folder('reports');
  const report = await startServer(
    'maintenance-report',
    [
      process.execPath,
      'report-generator/main.ts',
      '--customer',
      customer,
      '--prometheus',
      history.url,
      '--acknowledgements',
      acknowledgements,
      '--out',
      out,
    ],
    join(out, `${customer}.log`),
  );
  const how = await report.ended;
  const said = readFileSync(report.logFile, 'utf8');
  const file = said.split('\n').find((line) => line.endsWith('report.pdf'));
  // 2 means written with gaps, and the simulated months have some on purpose.
  if (file === undefined || (how !== 'exit 0' && how !== 'exit 2'))
    throw new Error(`the report of ${customer} failed (${how}):\n${said}`);
  return file;
}

function folder(name: string): string {
  const path = join(directory, name);
  mkdirSync(path, { recursive: true });
  return path;
}

function needed<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('an earlier step did not finish');
  return value;
}
