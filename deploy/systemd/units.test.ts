import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';

const directory = mkdtempSync(join(tmpdir(), 'maintenance-units-'));
afterAll(() => rmSync(directory, { recursive: true }));

const unit = (name: string): string => readFileSync(join(import.meta.dirname, name), 'utf8');
/** The words of ExecStart, on one line. */
const command = /^ExecStart=(.*)$/m
  .exec(unit('maintenance-report.service').replaceAll('\\\n', ' '))?.[1]
  ?.split(/\s+/);

test('the command of the service is one that maintenance-report takes', () => {
  const flags = command?.slice(2) ?? [];
  expect(flags).toContain('--all-customers');
  const policy = join(directory, 'policy.yaml');
  writeFileSync(policy, `${readFileSync('alerts/policy.yaml', 'utf8')}\n`);
  const args = flags.map((flag) =>
    flag.endsWith('policy.yaml') ? policy : flag.replace('/var/lib', directory),
  );
  const env = { ...process.env, MAINTENANCE_REPORT_SMTP: 'smtps://mail.example.org' };
  // A month that is not over is refused after every flag was read, and before anybody is asked.
  const { stderr, status } = spawnSync(
    process.execPath,
    ['report-generator/main.ts', ...args, '--from', 'a@b.example', '--month', '2999-01'],
    { encoding: 'utf8', env },
  );
  expect(stderr).toMatch(/^acme: no report: 2999-01 is not over in Europe\/Madrid\./m);
  expect(status).toBe(3);
});

test('systemd reads both units, and knows when to start', () => {
  const calendar = /^OnCalendar=(.*)$/m.exec(unit('maintenance-report.timer'))?.[1] ?? '';
  const { stdout, status } = spawnSync('systemd-analyze', ['calendar', calendar], { encoding: 'utf8' });
  expect(status).toBe(0);
  expect(stdout).toMatch(/Normalized form: \*-\*-02 06:00:00/);
});
