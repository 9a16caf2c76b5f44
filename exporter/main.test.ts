import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';

const directory = mkdtempSync(join(tmpdir(), 'main-'));
const children: ChildProcess[] = [];
afterAll(() => {
  children.forEach((child) => child.kill('SIGKILL'));
  rmSync(directory, { recursive: true });
});

const file = (name: string, text: string): string => {
  const path = join(directory, name);
  writeFileSync(path, text);
  return path;
};
/** Reads a file that is not there as damage and a tool that is not installed as missing: two collectors, one of them blind. */
const config = file(
  'config.yaml',
  `state_directory: ${join(directory, 'state')}\ncollectors:\n  host: {}\n  clamav: { socket: /no/clamd.ctl, database_directory: ${directory} }\n`,
);

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function exporter(...args: readonly string[]): Promise<Ended> {
  return exporterWith(process.env, ...args);
}

function exporterWith(env: NodeJS.ProcessEnv, ...args: readonly string[]): Promise<Ended> {
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      ['exporter/main.ts', ...args],
      { env },
      (error, stdout, stderr) => {
        resolve({ code: error === null ? 0 : child.exitCode, stdout, stderr });
      },
    );
  });
}

test('--once prints the exposition on stdout and nothing else, and exits 0 whatever collectors said', async () => {
  const { code, stdout, stderr } = await exporter('--once', '--config.file', config);
  expect(code).toBe(0);
  expect(stdout).toContain('maintenance_collector_success{collector="host"} 1\n');
  expect(stdout).toContain('maintenance_collector_success{collector="clamav"} 0\n');
  expect(stdout).toContain(
    'maintenance_collector_error_info{collector="clamav",reason="source_missing"} 1\n',
  );
  for (const line of stdout.trimEnd().split('\n'))
    expect(line).toMatch(/^((# (HELP|TYPE) )?maintenance_[a-z_]+[ {].*)?$/);
  expect(stderr).toMatch(/level=warn .*collector=clamav .*reason=source_missing/);
  const checked = spawnSync('promtool', ['check', 'metrics'], { input: stdout, encoding: 'utf8' });
  expect(`${checked.stdout}${checked.stderr}`).toBe('');
  expect(checked.status).toBe(0);
});

test('--once --textfile writes the same content for node_exporter, readable for it', async () => {
  const path = join(directory, 'maintenance.prom');
  const { code, stdout } = await exporter('--once', '--textfile', path, '--config.file', config);
  expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
  expect(readFileSync(path, 'utf8')).toContain('maintenance_collector_success{collector="host"} 1\n');
  expect(statSync(path).mode & 0o777).toBe(0o644);
});

test('--compat.smartctl-exporter serves the names of smartctl_exporter, on stdout and in the file', async () => {
  const bin = join(directory, 'bin');
  mkdirSync(bin);
  const scan = '{"smartctl":{},"devices":[{"name":"/dev/sda","type":"sat","protocol":"ATA"}]}';
  const report =
    '{"smartctl":{"exit_status":0},"device":{"name":"/dev/sda","type":"sat","protocol":"ATA"},"serial_number":"S1","smart_status":{"passed":true}}';
  const script = `#!/bin/sh\ncase "$*" in *--scan*) echo '${scan}';; *) echo '${report}';; esac\n`;
  writeFileSync(join(bin, 'smartctl'), script, { mode: 0o755 });
  const env = { ...process.env, PATH: `${bin}:${process.env['PATH'] ?? ''}` };
  const disks = file(
    'disks.yaml',
    `state_directory: ${join(directory, 'disks')}\ncollectors: {smartctl: {}}\n`,
  );
  const run = (...more: readonly string[]) => exporterWith(env, '--once', '--config.file', disks, ...more);

  expect((await run()).stdout).toContain('maintenance_disk_smart_healthy{disk="S1"} 1\n');
  expect((await run()).stdout).not.toContain('smartctl_device');
  const { stdout } = await run('--compat.smartctl-exporter');
  expect(stdout).toContain('smartctl_device_smart_status{device="sda"} 1\n');
  expect(stdout).toContain('maintenance_disk_smart_healthy{disk="S1"} 1\n');
  const path = join(directory, 'disks.prom');
  await run('--compat.smartctl-exporter', '--textfile', path);
  expect(readFileSync(path, 'utf8')).toContain('\nsmartctl_devices 1\n');
});

test.each([
  [['--textfile', 'x.prom'], 'error: --textfile needs --once'],
  [['--once', '--textfile', 'x.txt'], 'node_exporter reads only files whose name ends in .prom.'],
  [['--web.listen-adress', ':1'], '(Did you mean --web.listen-address?)'],
  [['--config.file', '/no/such.yaml'], 'maintenance-exporter: configuration /no/such.yaml: ENOENT'],
  [['--log.level', 'loud'], 'Allowed choices are debug, info, warn, error'],
])('%j is refused with the reason', async (args, message) => {
  const { code, stdout, stderr } = await exporter(...args);
  expect(code).toBe(1);
  expect(stdout).toBe('');
  expect(stderr).toContain(message);
});

test('init writes a configuration that the exporter takes, and replaces none without being told', async () => {
  const output = join(directory, 'new', 'config.yaml');
  const first = await exporter('init', '--output', output);
  expect(first.code).toBe(0);
  expect(first.stdout).toMatch(/✓ {2}host: /);
  expect(first.stdout).toContain(`Wrote ${output}. Next: maintenance-exporter --config.file ${output}`);
  const again = await exporter('init', '--output', output);
  expect(again).toMatchObject({ code: 1, stderr: expect.stringContaining('use --force to replace it') });
  const once = await exporter(
    '--once',
    '--config.file',
    output,
    '--state.directory',
    join(directory, 'state'),
  );
  expect(once.code).toBe(0);
});

test('the server scrapes, reloads on SIGHUP, keeps a good configuration, and ends on SIGTERM with 0', async () => {
  const path = file('served.yaml', readFileSync(config, 'utf8'));
  const child = spawn(process.execPath, [
    'exporter/main.ts',
    `--config.file=${path}`,
    '--web.listen-address=127.0.0.1:0',
    '--log.format=json',
  ]);
  children.push(child);
  let log = '';
  child.stderr.on('data', (chunk: Buffer) => (log += chunk.toString()));
  const url = await vi.waitUntil(() => /"url":"(http:[^"]+)"/.exec(log)?.[1], { timeout: 20_000 });
  const scrape = async () => (await fetch(`${url}/metrics`)).text();
  const shows = (text: string) =>
    vi.waitUntil(async () => (await scrape()).includes(text), { timeout: 20_000 });

  await shows('maintenance_collector_success{collector="host"} 1\n');
  await shows('maintenance_collector_success{collector="clamav"} 0\n');

  writeFileSync(path, 'collectors: { hosst: {} }\n');
  child.kill('SIGHUP');
  await shows('maintenance_exporter_config_last_reload_successful 0\n');
  expect(await scrape()).toContain('collector="clamav"');
  expect(log).toContain('collectors.hosst: no such collector; did you mean host?');

  writeFileSync(path, 'collectors: { host: {} }\n');
  child.kill('SIGHUP');
  await shows('maintenance_exporter_config_last_reload_successful 1\n');
  expect(await scrape()).not.toContain('collector="clamav"');

  const code = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  expect(await code).toBe(0);
});
