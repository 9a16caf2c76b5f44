import { expect, test } from 'vitest';
import { rsnapshotResult } from './result.ts';

const warning =
  'WARNING: Some files and/or directories in /srv/ only transferred partially during rsync operation\n';
test.each([
  [['rsnapshot', 'daily'], 0, '', { kind: 'run', outcome: 'success' }],
  [
    ['/usr/bin/rsnapshot', '-c', '/etc/x.conf', 'alpha'],
    2,
    warning,
    { kind: 'run', outcome: 'partial', reason: `it ended with 2: ${warning.trim()}` },
  ],
  [
    ['sudo', 'rsnapshot', '-q', 'sync'],
    1,
    '----\nERROR: /usr/bin/rsync returned 12 while processing root@db:/srv/\n',
    {
      kind: 'run',
      outcome: 'failure',
      reason: 'it ended with 1: ERROR: /usr/bin/rsync returned 12 while processing root@db:/srv/',
    },
  ],
  [
    ['rsnapshot', 'daily'],
    137,
    '',
    { kind: 'run', outcome: 'failure', reason: 'it ended with 137: it gave no reason' },
  ],
  [
    ['rsnapshot', '-t', 'daily'],
    0,
    '',
    { kind: 'run', outcome: 'failure', reason: 'it was a test (-t), which saves nothing' },
  ],
  [['rsnapshot', 'configtest'], 0, '', undefined],
  [['rsnapshot', 'du', 'localhost/home'], 0, '', undefined],
  [['rsnapshot'], 1, '', undefined],
  [['rsync', '-a', 'a', 'b'], 0, '', undefined],
] as const)('%j that ended with %d', (argv, exitCode, stderr, result) => {
  expect(rsnapshotResult({ argv, exitCode, stdout: '', stderr })).toEqual(result);
});
