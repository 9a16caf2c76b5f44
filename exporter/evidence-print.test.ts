import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { appendEvidence, type EvidenceRecord, readEvidence } from './evidence.ts';
import { formatEvidence, selectEvidence } from './evidence-print.ts';

const directory = mkdtempSync(join(tmpdir(), 'evidence-print-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

let records: readonly EvidenceRecord[];
beforeAll(async () => {
  const common = { kind: 'patch_deployment', tool: 'apt', source: '/var/log/apt/history.log' } as const;
  const openssl = { name: 'openssl', from: '1.0', to: '1.1' };
  await appendEvidence(
    directory,
    [
      {
        ...common,
        id: 'november',
        at: '2026-11-01T00:00:00.000Z',
        outcome: 'partial',
        actor: 'ana',
        details: {
          command: '=cmd|calc',
          packages: [openssl, { name: 'curl, "the" tool', to: '8', failed: true }],
        },
      },
      {
        ...common,
        id: 'october',
        at: '2026-10-31T23:59:59.999Z',
        outcome: 'success',
        details: { packages: [openssl] },
      },
      {
        kind: 'vulnerability',
        id: 'cve',
        at: '2026-11-02T08:00:00.000Z',
        outcome: 'opened',
        tool: 'trivy',
        source: '/var/lib/trivy.json',
        details: { vulnerability: 'CVE-2026-1', severity: 'critical' },
      },
    ],
    1_795_000_000,
  );
  ({ records } = await readEvidence(directory));
});
const ids = (filter: Parameters<typeof selectEvidence>[1]) =>
  selectEvidence(records, filter).map(({ id }) => id);

describe('which records', () => {
  test('all, oldest event first', () => expect(ids({})).toEqual(['october', 'november', 'cve']));
  test.each([
    ['since a month', { since: '2026-11' }, ['november', 'cve']],
    ['until the end of a month', { until: '2026-10' }, ['october']],
    ['until the end of a day', { since: '2026-10-31', until: '2026-11-01' }, ['october', 'november']],
    ['since a time in another zone', { since: '2026-11-02T09:30+02:00' }, ['cve']],
    ['a time without a zone is UTC', { since: '2026-11-02T08:00' }, ['cve']],
    ['of a kind', { kind: 'vulnerability' }, ['cve']],
    ['of an outcome', { outcome: 'partial' }, ['november']],
    ['of a tool', { tool: 'trivy' }, ['cve']],
    ['of an actor', { actor: 'ana' }, ['november']],
    ['about a package', { packageName: 'openssl' }, ['october', 'november']],
  ])('%s', (_, filter, expected) => expect(ids(filter)).toEqual(expected));

  test('an event that was recorded twice is one', () => {
    expect(selectEvidence([...records, ...records], {})).toHaveLength(3);
  });

  test.each(['yesterday', '2026', '2026-13', '31.10.2026', '2026-10-31 08:00'])('%s is no date', (since) => {
    expect(() => ids({ since })).toThrow(`${since} is no date; write a month (2026-10)`);
  });
});

test('CSV has a row per package; separators, quotes and formulas do no harm', () => {
  const rows = formatEvidence(selectEvidence(records, {}), 'csv').split('\n');
  expect(rows[0]).toBe(
    'at,device,kind,tool,outcome,actor,package,from,to,package_failed,command,details,source,recorded_at,id,hash',
  );
  expect(rows).toHaveLength(6);
  expect(rows[2]).toContain(`,apt,partial,ana,openssl,1.0,1.1,,'=cmd|calc,,/var/log/apt/history.log,`);
  expect(rows[3]).toContain(`,ana,"curl, ""the"" tool",,8,yes,`);
  expect(rows[4]).toContain(`"{""vulnerability"":""CVE-2026-1"",""severity"":""critical""}"`);
});

describe('maintenance-exporter evidence', () => {
  const run = (...args: readonly string[]) =>
    spawnSync(process.execPath, ['exporter/main.ts', 'evidence', '--state.directory', directory, ...args], {
      encoding: 'utf8',
    });

  test('prints JSON that a program can read', () => {
    const text = execFileSync(
      process.execPath,
      ['exporter/main.ts', 'evidence', '--state.directory', directory, '--outcome', 'success'],
      { encoding: 'utf8' },
    );
    expect(JSON.parse(text)).toEqual([expect.objectContaining({ id: 'october', device: hostname() })]);
  });

  test('says what it does not understand', () => {
    expect(run('--since', 'yesterday')).toMatchObject({
      status: 1,
      stdout: '',
      stderr: expect.stringContaining('yesterday is no date'),
    });
    expect(run('--format', 'xml').stderr).toContain('Allowed choices are json, csv');
  });

  test('says where it looked when nothing is there', () => {
    const { status, stdout, stderr } = run('--state.directory', join(directory, 'other'));
    expect([status, stdout]).toEqual([0, '[]\n']);
    expect(stderr).toBe(
      `nothing is on record in ${join(directory, 'other')}; --state.directory names another one\n`,
    );
  });

  test('prints what is left of evidence that was tampered with, and fails', () => {
    const file = join(directory, 'evidence-2026-11.jsonl');
    const whole = readFileSync(file, 'utf8');
    writeFileSync(file, whole.replace('"ana"', '"eva"'));
    const { status, stdout, stderr } = run('--format', 'csv');
    writeFileSync(file, whole);
    expect(status).toBe(1);
    expect(stdout.split('\n')).toHaveLength(6);
    expect(stderr).toBe('evidence: evidence-2026-11.jsonl, line 1: changed after it was written\n');
  });
});
