import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { type Edit, edited } from './tests/edited-policy.ts';

/*
 * The command as an operator runs it.
 */

const directory = mkdtempSync(join(tmpdir(), 'maintenance-rules-'));
afterAll(() => rmSync(directory, { recursive: true }));

const example = 'alerts/examples/three-customers.yaml';

function rules(...args: readonly string[]) {
  const { stdout, stderr, status } = spawnSync(process.execPath, ['alerts/main.ts', ...args], {
    encoding: 'utf8',
  });
  return { out: stdout.split('\n').slice(0, -1), error: stderr.split('\n').slice(0, -1), code: status };
}

/** The example with passages replaced, as a file. */
function policyWith(name: string, ...edits: readonly Edit[]): string {
  const path = join(directory, `${name}.yaml`);
  writeFileSync(path, edited(...edits));
  return path;
}

function lineOf(path: string, passage: string): number {
  return (
    readFileSync(path, 'utf8')
      .split('\n')
      .findIndex((line) => line.includes(passage)) + 1
  );
}

describe('check', () => {
  test.each([
    ['alerts/policy.yaml', 'alerts/policy.yaml is valid: 2 customers, 5 services, 0 tasks, 2 routes.'],
    [example, `${example} is valid: 3 customers, 2 services, 4 tasks, 4 routes.`],
  ])('%s', (file, said) => {
    const { out, error, code } = rules('check', file);
    expect(error).toEqual([]);
    expect(out[0]).toBe(said);
    expect(code).toBe(0);
  });

  test('every mistake with its line', () => {
    const file = policyWith(
      'mistakes',
      ['Europe/Madrid', 'Europe/Madird'],
      ['        limit: 14d', '        limt: 14d'],
      ['every: 184d', 'every: 0d'],
    );
    const { out, error, code } = rules('check', file);
    expect(out).toEqual([]);
    expect(error).toEqual([
      `${file} has 4 mistakes:`,
      `- line ${lineOf(file, 'Madird')}, customers.acme.zone: expected an IANA zone like Europe/Madrid, got "Europe/Madird". Did you mean Europe/Madrid?`,
      `- line ${lineOf(file, 'press-1')}, controls.patch_security.overrides[1].limit: missing; expected a duration like 90m, 26h or 31d.`,
      `- line ${lineOf(file, 'limt')}, controls.patch_security.overrides[1].limt: unknown key. Did you mean limit?`,
      `- line ${lineOf(file, 'every: 0d')}, tasks.restore_drill.every: expected week, month, quarter, year or days like 92d, got "0d".`,
      'Correct it and check it again.',
    ]);
    expect(code).toBe(1);
  });

  test('an exception that is over is a warning', () => {
    const file = policyWith('expired', [
      'from: 2026-10-01\n    expires: 2027-03-31',
      'from: 2025-01-01\n    expires: 2025-06-30',
    ]);
    const { out, code } = rules('check', file);
    expect(out.slice(1)).toEqual([
      '1 warning:',
      `- line ${lineOf(file, '2025-06-30')}, exceptions[0].expires: over since 2025-06-30; patch_security counts again. Remove it, or ask Javier Gil to decide anew.`,
    ]);
    expect(code).toBe(0);
  });

  test.each([
    [
      'a file that is not there',
      ['check', '/nowhere'],
      "/nowhere cannot be read: ENOENT: no such file or directory, open '/nowhere'",
    ],
    ['a command that is none', ['chek'], "error: unknown command 'chek'"],
    ['no folder to write to', ['generate'], "error: required option '--out <directory>' not specified"],
    ['one policy to compare', ['diff', example], "error: missing required argument 'new'"],
    [
      'a control that is none',
      ['explain', 'db-1', 'bakup'],
      'There is no control bakup. Did you mean backup?',
    ],
    [
      'a customer that is none',
      ['explain', 'db-1', 'backup', '--customer', 'acne'],
      'There is no customer acne. Did you mean acme?',
    ],
  ])('%s is refused', (_, args, said) => {
    const { error, code } = rules(...args);
    expect(error[0]).toBe(said);
    expect(code).toBe(1);
  });
});

describe('explain', () => {
  // Expires in every year to come, so that the exception is in force whenever this runs.
  const year = new Date().getUTCFullYear();
  const file = policyWith('explain', ['from: 2026-10-01\n    expires: 2027-03-31', `expires: ${year}-12-31`]);

  test('an override and an exception', () => {
    const { out, code } = rules(
      'explain',
      'press-2',
      'patch_security',
      '--policy',
      file,
      '--customer',
      'acme',
      '--role',
      'workstation',
    );
    expect(out).toEqual([
      'patch_security of press-2 (customer acme, role workstation)',
      '',
      'limit       7d, from controls.patch_security.overrides[0]: customer acme, role workstation',
      'expected    yes: roles.workstation asks for it',
      `exception   to ${year}-12-31, accepted by Javier Gil: The vendor of the press certifies each update; the press is in a network of its own.`,
      'target      95% of the objects of a month',
      'severity    critical',
      'sla class   urgent: answered within 4h, resolved within 24h, around the clock',
      'owner       patching',
      'told        in working hours acme_desk; outside of them on_call',
      'told later  manager after 2h, unless it is over or silenced',
      'alert       MaintenancePatchSecurityOverdue',
      'runbook     https://git.example.org/ops/runbooks/MaintenancePatchSecurityOverdue.md',
    ]);
    expect(code).toBe(0);
  });

  test('what is not said is not guessed', () => {
    const { out } = rules('explain', 'press-2', 'patch_security', '--policy', file);
    expect(out.slice(0, 6)).toEqual([
      'patch_security of press-2',
      '',
      'limit       if customer is acme and role is workstation: 7d, from controls.patch_security.overrides[0]: customer acme, role workstation',
      'limit       14d, from controls.patch_security.overrides[1]: instance press-1 or press-2',
      'expected    if its role is server, workstation, or none the policy names; elsewhere once its facts are seen',
      `exception   if customer is acme: to ${year}-12-31, accepted by Javier Gil: The vendor of the press certifies each update; the press is in a network of its own.`,
    ]);
    expect(out).toContain(
      'told        in working hours acme_desk if customer is acme, else on_call; outside of them on_call',
    );
    expect(out).toContain(
      'window      if customer is birch: Birch, second Tuesday: each second tue 20:00 for 3h, America/New_York',
    );
  });

  test('the default, a role the policy does not name, and a state', () => {
    const { out } = rules(
      'explain',
      'nas-1',
      'reboot',
      '--policy',
      file,
      '--customer',
      'birch',
      '--role',
      'nas',
    );
    expect(out.slice(2, 4)).toEqual([
      'limit      3d, from controls.reboot.limit: it has no overrides',
      'expected   yes: roles.default, as the policy does not name role nas, asks for it',
    ]);
    expect(out).toContain('told       operators, at any hour');
    expect(out).toContain(
      'sla class  standard: answered within 8h, resolved within 40h, in working hours of the customer',
    );
    const state = rules('explain', 'srv-1', 'disk_health', '--policy', file, '--role', 'appliance');
    expect(state.out.slice(2, 4)).toEqual([
      'limit       none: in order or not at any moment',
      'expected    no: roles.appliance does not ask for it; what is seen is judged all the same',
    ]);
  });
});

describe('diff', () => {
  test.each<[string, readonly Edit[], readonly string[]]>([
    ['the same policy', [], ['Nothing changes.']],
    ['the same in other words', [['  reboot: { limit: 72h', '  reboot: { limit: 3d']], ['Nothing changes.']],
    [
      'a limit',
      [['  reboot: { limit: 72h', '  reboot: { limit: 48h']],
      ['Limits', '- reboot: 3d becomes 2d, stricter'],
    ],
    [
      'overrides',
      [
        [
          '      - match: { object: weekly-archive }\n        limit: 8d',
          '      - match: { role: server }\n        limit: 12h',
        ],
        ['        limit: 14d', '        limit: 10d'],
      ],
      [
        'Limits',
        '- patch_security for instance press-1 or press-2: 14d becomes 10d, stricter',
        '- backup for object weekly-archive: 8d becomes 26h, stricter, override removed',
        '- backup for role server: 26h becomes 12h, stricter, new override',
      ],
    ],
    [
      'what a role must have',
      [['appliance: [host_reporting]', 'appliance: [reboot]\n  nas: [host_reporting, reboot]']],
      [
        'What hosts must have',
        '- hosts of role appliance must have reboot, too',
        '- hosts of role appliance need not have host_reporting any more',
        '- hosts of role nas need not have patch_security, patch_standard, os_supported any more',
      ],
    ],
    [
      'who is told',
      [
        [
          '  - match: { severity: critical }\n    receiver: on_call',
          `  - match: { control: backup, customer: birch }
    during: outside_working_hours
    receiver: backups
  - match: { control: backup, customer: kaveri }
    receiver: manager
  - match: { severity: critical }
    receiver: on_call`,
        ],
        ['    after: 2h', '    after: 4h'],
      ],
      [
        'Who is told',
        '- alerts about backup of birch outside of working hours: on_call becomes backups',
        '- alerts about backup of kaveri: on_call becomes manager',
      ],
    ],
    [
      'anything else',
      [
        ['    zone: Asia/Kolkata', '    zone: Asia/Dubai'],
        ['{ date: 2026-11-26, name: Thanksgiving }', '{ date: 2026-11-27, name: Thanksgiving }'],
        ['    title: Review of licences', '    title: Review of all licences'],
        ['responsibilities:\n', 'responsibilities:\n  - { what: Backups, who: provider }\n'],
      ],
      [
        'Everything else',
        '- customers.birch.holidays: removed { date: 2026-11-26, name: Thanksgiving }',
        '- customers.birch.holidays: added { date: 2026-11-27, name: Thanksgiving }',
        '- customers.kaveri.zone: Asia/Kolkata becomes Asia/Dubai',
        '- tasks.licence_review.title: Review of licences becomes Review of all licences',
        '- responsibilities: added { what: Backups, who: provider }',
      ],
    ],
  ])('%s', (_, edits, said) => {
    const { out, error, code } = rules('diff', example, policyWith('new', ...edits));
    expect(error).toEqual([]);
    // Who is told depends on how severe each control of the example is; only backups are looked at.
    expect(out.filter((line) => !/^- (?:all )?alerts (?!about backup of)/.test(line))).toEqual(said);
    expect(code).toBe(0);
  });
});

test('frameworks tells what each requirement rests on, and what is missing', () => {
  const { out, code } = rules('frameworks', example);
  expect(out.slice(0, 2)).toEqual(['iso27001: ISO/IEC 27001:2022, Annex A', 'Listed by acme.']);
  expect(out).toContain('          not applicable to acme');
  const at = out.findIndex((line) => line.startsWith('  SUM-4 '));
  expect(out.slice(at, at + 3)).toEqual([
    '  SUM-4  Critical, high and unrated fixes work within 14 days of their release (fails an assessment alone)',
    '         needs patch_security within 14d, patch_metadata, reboot, patch_firmware within 14d of network devices; supported by vulnerability_high within 14d',
    '         there, for a part of it',
  ]);
  expect(code).toBe(0);
  expect(rules('frameworks', 'alerts/policy.yaml').out[1]).toBe('No customer lists it: nothing is recorded.');
});

test('generate writes the files and says from which policy', () => {
  const out = join(directory, 'generated');
  const { out: said, code } = rules('generate', '--policy', example, '--out', out);
  const exporters = 'velero cloudnative_pg smartctl_exporter nvme_metrics smartmon storcli node_exporter';
  const others = exporters.split(' ').map((source) => `coexistence-${source}.yaml`);
  const alertmanager = ['alertmanager.yaml', 'maintenance.tmpl'];
  const files = ['records.yaml', 'alerts.yaml', ...alertmanager, 'blackbox-targets.yaml', ...others];
  expect(said).toEqual(files.map((name) => join(out, name)));
  expect(readdirSync(out).toSorted()).toEqual(files.toSorted());
  expect(readFileSync(join(out, 'alerts.yaml'), 'utf8').split('\n')[0]).toBe(
    `# Generated from ${example} by maintenance-rules; changes made here are lost.`,
  );
  expect(code).toBe(0);
  for (const name of ['records.yaml', 'alerts.yaml', ...others]) {
    const options = ['check', 'rules', '--lint=all', '--lint-fatal', join(out, name)];
    expect(execFileSync('promtool', options, { encoding: 'utf8' })).toMatch(/SUCCESS: [1-9]\d* rules found/);
  }
});
