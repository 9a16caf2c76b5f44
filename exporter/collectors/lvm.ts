import { z } from 'zod';
import { type Collection, CollectorError, defineCollector, type Host, type Problem } from '../collector.ts';
import { sample } from '../metrics.ts';
import { words } from './backup/job.ts';
import { asUser } from './backup/sudo.ts';
import { judgeGroup, judgeVolumes, overflowing } from './lvm/judge.ts';
import { lvsArguments, parseGroups, parseVolumes, vgsArguments } from './lvm/report.ts';
import { excludeSetting, withMissing } from './volume/known.ts';

const settings = z.strictObject({
  exclude: excludeSetting,
  user: words('the name of a user')
    .optional()
    .describe('Run vgs and lvs as this user with sudo; LVM takes root.'),
});
type Settings = z.infer<typeof settings>;

/** Volume groups, RAID, thin pools and snapshots of LVM. */
export const lvm = defineCollector({
  name: 'lvm',
  summary: 'LVM: missing physical volumes, RAID, how full thin pools and snapshots are',
  tools: ['vgs', 'lvs', 'sudo'],
  rights: 'root: run as root, or set user and allow the two commands in sudoers',
  metrics: [
    'maintenance_volume_info',
    'maintenance_volume_present',
    'maintenance_volume_healthy',
    'maintenance_volume_operational',
    'maintenance_volume_members',
    'maintenance_volume_degraded_members',
    'maintenance_volume_rebuild_ratio',
    'maintenance_volume_scrub_errors',
    'maintenance_volume_size_bytes',
    'maintenance_volume_used_ratio',
  ],
  byDefault: false,
  interval: 5 * 60,
  timeout: 60,
  settings,
  example: { user: 'root' },
  detect: async (host) => {
    const { stdout } = await host.run('vgs', vgsArguments);
    return parseGroups(stdout).length > 0 ? {} : undefined;
  },
  collect,
});

async function collect(host: Host, options: Settings): Promise<Collection> {
  const { exclude } = options;
  // In turn: they wait for each other's locks.
  const groups = await ask(host, options, 'vgs', vgsArguments);
  const volumes = await ask(host, options, 'lvs', lvsArguments);
  const listed = parseVolumes(volumes.stdout);
  const found = [...parseGroups(groups.stdout).map(judgeGroup), ...judgeVolumes(listed)];
  const failures = [groups, volumes].flatMap(({ problem }) => problem ?? []);
  const { samples, problems } = await withMissing(host, 'lvm', found, {
    exclude,
    complete: failures.length === 0,
  });
  if (found.length === 0 && samples.length === 0 && problems.length + failures.length === 0)
    throw new CollectorError(
      'unsupported',
      'vgs lists no volume group: this machine has none, or lvm.conf or the devices file hide them; remove collectors.lvm, or see `vgs`',
    );
  const full = [...overflowing(listed)].filter(([volume]) => !exclude.includes(volume));
  return {
    samples: [
      ...samples,
      ...full.map(([volume, value]) =>
        sample('maintenance_volume_used_ratio', { kind: 'lvm', volume, space: 'data' }, value),
      ),
    ],
    problems: [...problems, ...failures],
  };
}

/**
 * What one of them printed, and what it could not read: it reports the rest all the same and ends with 5.
 * @throws CollectorError permission_denied: it lists what an ordinary user may see, which is nothing, and may call that a success.
 */
async function ask(
  host: Host,
  { user }: Settings,
  tool: string,
  args: readonly string[],
): Promise<{ readonly stdout: string; readonly problem?: Problem }> {
  const [program, argv] = asUser(user, tool, args);
  const { exitCode, stdout, stderr } = await host.run(program, argv, {
    timeout: host.timeLimit * 400,
    env: { LVM_SUPPRESS_FD_WARNINGS: '1' },
  });
  if (/non-root user|Permission denied|a password is required|not allowed/i.test(stderr))
    throw new CollectorError('permission_denied', `${tool} takes root, see user: ${firstLine(stderr)}`);
  if (exitCode === 0) return { stdout };
  const message = `${tool} ended with ${exitCode}: ${firstLine(stderr)}`;
  if (stdout.trim() === '') throw new CollectorError('tool_failed', message);
  return { stdout, problem: { reason: 'tool_failed', message } };
}

function firstLine(stderr: string): string {
  const lines = stderr.split('\n').map((line) => line.trim());
  const said =
    lines.find((line) => line !== '' && !line.startsWith('WARNING')) ?? lines.find((line) => line !== '');
  return said?.slice(0, 200) ?? 'it gave no reason';
}
