import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Prometheus, startPrometheus } from '../deploy/local/prometheus.ts';
import { parseQuery } from './promql.ts';

/*
 * The commands of the runbooks work. A block says after `needs:` what a healthy host may lack; those that need nothing, or only
 * Prometheus, are run here.
 */

const folder = join(import.meta.dirname, 'runbooks');
const pages = readdirSync(folder).map((file) => ({ file, text: readFileSync(join(folder, file), 'utf8') }));

/** What each command needs beside a Debian host; what is not listed needs nothing, so it is run. */
const needs: Readonly<Record<string, string>> = {
  ...all('systemd', 'journalctl', 'systemctl', 'timedatectl', 'chronyc'),
  ...all('exporter', 'maintenance-exporter', 'sudo', 'ss', 'ps'),
  ...all(
    'disk',
    'smartctl',
    'lsblk',
    'sensors',
    'iotop',
    'storcli64',
    'zpool',
    'btrfs',
    'mdadm',
    'vgs',
    'lvs',
    'lvmconfig',
  ),
  ...all('repository', 'restic'),
  ...all('clamav', 'sigtool', 'nc'),
  ...all('scanner', 'trivy', 'grype', 'debsecan', 'dnf'),
  ...all('firmware service', 'fwupdmgr'),
  ...all('network', 'ping', 'apt-get', 'curl'),
  ...all('alertmanager', 'amtool'),
  ...all('prometheus', 'promtool'),
};
/** Files and folders of the moment, which a healthy host need not have. */
const files: Readonly<Record<string, string>> = {
  '/var/log/': 'logs',
  '/etc/smartd.conf': 'smartd',
  '/var/lib/clamav': 'clamav',
  '/proc/mdstat': 'disk',
  '/etc/prometheus/': 'prometheus server',
  SCRATCH_DIRECTORY: 'exporter',
};

function all(need: string, ...commands: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(commands.map((command) => [command, need]));
}

const blocks = pages.flatMap(({ file, text }) =>
  [...text.matchAll(/^```(.*)\n([^]*?)^```$/gm)].map(([, info = '', code = ''], index) => ({
    title: `${file} ${index + 1}`,
    info,
    code,
  })),
);

/** The needs of a block, by name. */
function needsOf(code: string): readonly string[] {
  const bare = code.replaceAll(/'[^']*'/g, "''");
  const commands = [...bare.matchAll(/(?:^|[|;&(]\s*)([\w-]+)/gm)].map(([, command = '']) => command);
  const there = [
    ...commands.flatMap((command) => needs[command] ?? []),
    ...Object.entries(files).flatMap(([path, need]) => (bare.includes(path) ? [need] : [])),
  ];
  return [...new Set(there)].toSorted();
}

const directory = mkdtempSync(join(tmpdir(), 'maintenance-runbooks-'));
let prometheus: Prometheus;
beforeAll(async () => {
  prometheus = await startPrometheus({ name: 'Prometheus of the runbooks', directory, port: 0 });
});
afterAll(async () => {
  await prometheus.stop();
  rmSync(directory, { recursive: true });
});

test('there are commands', () => {
  expect(blocks.length).toBeGreaterThan(40);
});

describe.each(blocks)('$title', ({ info, code }) => {
  const wanted = needsOf(code);
  const runsHere = wanted.every((need) => need === 'prometheus');

  test('says what it needs', () => {
    expect(info).toBe(runsHere ? 'sh' : `sh needs: ${wanted.join(', ')}`);
  });

  test('is a script', () => {
    expect(spawnSync('sh', ['-n', '-c', code], { encoding: 'utf8' }).stderr).toBe('');
  });

  test.runIf(runsHere)('runs', () => {
    const script = code.replaceAll('http://localhost:9090', prometheus.url);
    const { status, stderr } = spawnSync('sh', ['-e', '-c', script], { encoding: 'utf8' });
    expect(stderr).not.toMatch(/error/i);
    expect(status).toBe(0);
  });
});

const queries = pages.flatMap(({ file, text }) =>
  [...text.matchAll(/^promtool query .*'(.+)'$/gm)].map(([, query = '']) => ({ file, query })),
);

test.each(queries)('$file asks what is PromQL: $query', ({ query }) => {
  const { errors, selectors } = parseQuery(query);
  expect(errors).toEqual([]);
  expect(selectors.length).toBeGreaterThan(0);
});

test.each(pages)('$file names files that are there', ({ text }) => {
  const paths = text.match(/\b(?:docs|alerts|deploy)\/[\w/.-]+\.(?:md|yaml|ts)\b/g) ?? [];
  const links = [...text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, link = '']) =>
    join('alerts/runbooks', link),
  );
  expect([...paths, ...links].filter((path) => !existsSync(path))).toEqual([]);
});
