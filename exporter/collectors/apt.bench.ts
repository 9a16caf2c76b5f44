import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, test } from 'vitest';
import { localHost } from '../host.ts';
import { apt } from './apt.ts';

// CPU time of the collector on this host's own package lists, what it starts included, beside apt_info.py of
// prometheus-node-exporter-collectors. The script is unpacked, not installed: its package brings a daemon.
const scratch = mkdtempSync(join(tmpdir(), 'apt-bench-'));
const script = join(scratch, 'x/usr/share/prometheus-node-exporter-collectors/apt_info.py');
const rounds = 5;

beforeAll(() => {
  inScratch('apt-get', ['download', '-q', 'prometheus-node-exporter-collectors']);
  const [file = ''] = readdirSync(scratch).filter((name) => name.endsWith('.deb'));
  inScratch('dpkg-deb', ['-x', file, 'x']);
}, 120_000);
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

test('CPU time of apt: cold, and when nothing changed on disk', async () => {
  const peer = await average(async () => inScratch('/usr/bin/python3', [script]));
  const cold = await average(async (round) => {
    await apt.collect(localHost({ stateDirectory: join(scratch, `cold-${round}`) }), {});
  });
  const host = localHost({ stateDirectory: join(scratch, 'warm') });
  await apt.collect(host, {});
  const warm = await average(() => apt.collect(host, {}));
  const row = (what: string, seconds: number) =>
    `${what.padEnd(44)}${(seconds * 1000).toFixed(1).padStart(9)} ms${((100 * seconds) / peer).toFixed(1).padStart(8)} %`;
  process.stdout.write(
    [
      '',
      `CPU time, own and of started programs, mean of ${rounds} runs`,
      row('apt_info.py (prometheus-node-exporter)', peer),
      row('apt collector, cold', cold),
      row('apt collector, nothing changed on disk', warm),
      '',
    ].join('\n'),
  );
}, 300_000);

/** Seconds of CPU time of one run, first run left out. */
async function average(run: (round: number) => Promise<unknown>): Promise<number> {
  await run(0);
  const before = spent();
  for (let round = 1; round <= rounds; round += 1) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other is what is measured
    await run(round);
  }
  return (spent() - before) / rounds;
}

/** Seconds of CPU time of this process and of its ended children; see cutime and cstime in proc_pid_stat(5), in ticks of 10 ms. */
function spent(): number {
  const { user, system } = process.cpuUsage();
  const stat = readFileSync('/proc/self/stat', 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (user + system) / 1e6 + (Number(fields[13]) + Number(fields[14])) / 100;
}

function inScratch(program: string, args: readonly string[]): void {
  const { status, stderr } = spawnSync(program, args, { cwd: scratch, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${status}: ${stderr}`);
}
