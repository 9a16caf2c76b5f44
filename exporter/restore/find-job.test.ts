import { expect, test } from 'vitest';
import { pbs } from '../collectors/pbs.ts';
import { run } from '../collectors/run.ts';
import { parseConfig } from '../config.ts';
import { findJob } from './find-job.ts';

const server = { url: 'https://pbs.example.org:8007', token_file: '/t' };
const job = (backup_job: string) => ({
  backup_job,
  expected_interval: '24h',
  restore_test: { scratch_directory: '/scratch', command: ['restore'] },
});
const config = parseConfig(
  JSON.stringify({
    collectors: {
      run: { jobs: [job('export')] },
      pbs: { servers: [{ ...server, jobs: [job('main/vm/100'), job('main/ct/100')] }] },
    },
  }),
  {},
  [run, pbs],
);

test('a job is found wherever a collector declares it, at a server too', () => {
  expect(findJob(config, 'export')).toMatchObject({ tool: 'run', job: { backup_job: 'export' } });
  expect(findJob(config, 'main/ct/100')).toMatchObject({ tool: 'pbs', test: { command: ['restore'] } });
  expect(() => findJob(config, 'other')).toThrow('there are: export, main/vm/100, main/ct/100');
});
