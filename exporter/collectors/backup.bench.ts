import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { join } from 'node:path';
import { afterAll, beforeAll, test } from 'vitest';
import { localHost } from '../host.ts';
import { runCollector } from '../run.ts';
import { restic } from './restic.ts';

// What 500 backup jobs on one host cost the exporter, and what one repository that hangs costs the other 499. The tool is a
// stand-in that answers at once: here the exporter is measured, not restic.
const scratch = mkdtempSync(join(tmpdir(), 'backup-bench-'));
const jobs = 500;
const rounds = 10;

setFlagsFromString('--expose-gc');
/** Frees what nothing uses, so that what is left is what is kept. */
const collectGarbage: unknown = runInNewContext('gc');

beforeAll(() => {
  mkdirSync(join(scratch, 'bin'));
  const snapshots = Array.from({ length: 30 }, (_, day) => ({
    time: new Date(Date.UTC(2026, 9, day + 1)).toISOString(),
    hostname: 'web',
    paths: ['/srv'],
  }));
  writeFileSync(join(scratch, 'list.json'), JSON.stringify(snapshots));
  writeFileSync(join(scratch, 'password'), 'secret');
  const restics = join(scratch, 'bin/restic');
  writeFileSync(
    restics,
    `#!/bin/sh\ncase $RESTIC_REPOSITORY in *hangs*) exec sleep 600;; esac\nexec cat ${scratch}/list.json\n`,
  );
  chmodSync(restics, 0o755);
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

test('500 backup jobs, one of which hangs', async () => {
  const environment = { PATH: `${join(scratch, 'bin')}:/usr/bin:/bin` };
  const repositories = Array.from({ length: jobs }, (_, index) => ({
    backup_job: `job-${index}`,
    repository: index === 7 ? '/srv/hangs' : `/srv/${index}`,
    password_file: join(scratch, 'password'),
    expected_interval: '24h',
    environment,
  }));
  const job = {
    collector: restic,
    settings: { repositories },
    interval: restic.interval,
    timeout: restic.timeout,
  };
  const lines = ['', `${jobs} jobs, one repository hangs; collector timeout ${restic.timeout} s`];
  for (let round = 1; round <= rounds; round += 1) {
    const makeHost = (signal: AbortSignal, timeLimit: number) =>
      localHost({ stateDirectory: join(scratch, 'state'), signal, timeLimit });
    // oxlint-disable-next-line no-await-in-loop -- one run after the other is what is measured
    const { samples, problems, duration } = await runCollector(job, makeHost, () => Date.now() / 1000).result;
    const fresh = samples.filter(({ name }) => name === 'maintenance_backup_last_success_timestamp_seconds');
    if (typeof collectGarbage === 'function') collectGarbage();
    lines.push(
      `run ${round}: ${fresh.length} fresh, ${problems.length} unknown (${[...new Set(problems.map(({ reason }) => reason))].join(', ')}), ${duration.toFixed(1)} s, heap in use ${(process.memoryUsage().heapUsed / 1024 / 1024).toFixed(1)} MiB`,
    );
  }
  process.stdout.write(`${lines.join('\n')}\n\n`);
}, 600_000);
