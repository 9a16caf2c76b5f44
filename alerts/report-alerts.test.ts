import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, test } from 'vitest';
import { yaml } from './generate.ts';
import { readPolicy } from './policy.ts';
import { reportAlerts } from './report-alerts.ts';

const directory = mkdtempSync(join(tmpdir(), 'maintenance-report-alerts-'));
afterAll(() => rmSync(directory, { recursive: true }));

const shipped = readPolicy('alerts/policy.yaml');
/** Customers for whom the alert fires an hour after the start, when the report of acme is sent to somebody. */
function expectFiring(series: Readonly<Record<string, string>>, firing: readonly string[]): void {
  const customers = Object.fromEntries(
    Object.entries(shipped.customers).map(([name, one]) => [
      name,
      name === 'acme' ? { ...one, report: { to: ['it@acme.example'] } } : one,
    ]),
  );
  const [alert] = reportAlerts({ ...shipped, customers });
  const { name = '', expr = '', description = '' } = alert ?? {};
  const rule = { alert: name, expr, for: '15m', annotations: { description } };
  writeFileSync(join(directory, 'rules.yaml'), yaml({ groups: [{ name: 'reports', rules: [rule] }] }));
  const never =
    'acme: nothing tells of a monthly report, and somebody is to be sent one. First step: `journalctl -u maintenance-report` on the machine that makes it says why.';
  const unit = {
    interval: '15m',
    input_series: Object.entries(series).map(([one, values]) => ({ series: one, values })),
    alert_rule_test: [
      {
        eval_time: '1h',
        alertname: name,
        exp_alerts: firing.map((customer) => ({
          exp_labels: { customer },
          exp_annotations: { description: never },
        })),
      },
    ],
  };
  const file = join(directory, 'test.yaml');
  writeFileSync(file, yaml({ rule_files: ['rules.yaml'], evaluation_interval: '15m', tests: [unit] }));
  execFileSync('promtool', ['test', 'rules', file], { stdio: 'pipe' });
}

const written = (report: string): string =>
  `maintenance_report_last_success_timestamp_seconds{report="${report}",customer="msp",instance="box-1"}`;

test('a report somebody is to be sent is missed when nothing tells of it', () => {
  expectFiring({ [written('birch')]: '0x10' }, ['acme']);
  expectFiring({}, ['acme']);
});

test('a report nobody is sent is not missed before it came once', () => {
  expectFiring({ [written('acme')]: '0x10' }, []);
});
