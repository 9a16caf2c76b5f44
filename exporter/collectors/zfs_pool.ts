import { z } from 'zod';
import { type Collection, CollectorError, defineCollector, type Host, type Reason } from '../collector.ts';
import type { VolumeFacts } from './volume/facts.ts';
import { excludeSetting, withMissing } from './volume/known.ts';
import { parseStatus } from './zfs_pool/status.ts';

const listArguments = ['list', '-Hp', '-o', 'name,guid,size,allocated,health'];
const statusArguments = ['status', '-p'];

/** Pools of ZFS as volumes; their snapshots as backups are the business of the collector `zfs`. */
export const zfsPool = defineCollector({
  name: 'zfs_pool',
  summary: 'pools of ZFS: devices that failed, errors, resilvers and scrubs',
  tools: ['zpool'],
  rights: '',
  metrics: [
    'maintenance_volume_info',
    'maintenance_volume_present',
    'maintenance_volume_healthy',
    'maintenance_volume_operational',
    'maintenance_volume_members',
    'maintenance_volume_degraded_members',
    'maintenance_volume_spares',
    'maintenance_volume_rebuild_ratio',
    'maintenance_volume_scrub_timestamp_seconds',
    'maintenance_volume_scrub_errors',
    'maintenance_volume_errors',
    'maintenance_volume_size_bytes',
    'maintenance_volume_used_ratio',
  ],
  byDefault: false,
  interval: 5 * 60,
  timeout: 60,
  settings: z.strictObject({ exclude: excludeSetting }),
  example: {},
  detect: async (host) => (parseList(await ask(host, listArguments)).length > 0 ? {} : undefined),
  collect,
});

async function collect(
  host: Host,
  { exclude }: { readonly exclude: readonly string[] },
): Promise<Collection> {
  const listed = parseList(await ask(host, listArguments));
  const described = listed.length === 0 ? [] : parseStatus(await ask(host, statusArguments));
  const found = listed.map(({ name, guid, size, allocated, health }): VolumeFacts => {
    const status = described.find(({ volume }) => volume === name);
    // What both say must agree before anything is in order.
    const healthy = health === 'ONLINE' ? status?.healthy : false;
    const used = size === undefined || allocated === undefined ? undefined : allocated / size;
    return { volume: name, level: 'unknown', ...status, id: guid, healthy, size, used: { data: used } };
  });
  const { samples, problems } = await withMissing(host, 'zfs', found, { exclude, complete: true });
  if (listed.length === 0 && samples.length === 0 && problems.length === 0)
    throw new CollectorError(
      'unsupported',
      'zpool lists no pool: none is imported here; remove collectors.zfs_pool, or see `zpool import`',
    );
  const silent = listed.filter(({ name }) => !described.some(({ volume }) => volume === name));
  return {
    samples,
    problems: [
      ...problems,
      ...silent.map(({ name }) => ({
        reason: 'unexpected_output' as const,
        message: `zpool status says nothing of ${name}, which zpool list names; its health is unknown`,
      })),
    ],
  };
}

interface Listed {
  readonly name: string;
  readonly guid: string;
  readonly size: number | undefined;
  readonly allocated: number | undefined;
  readonly health: string;
}

/** @throws CollectorError unexpected_output for a line that is no pool. */
function parseList(text: string): readonly Listed[] {
  return text
    .split('\n')
    .filter((line) => line !== '' && line.trim() !== 'no pools available')
    .map((line) => {
      const [name = '', guid = '', size = '', allocated = '', health = '', ...more] = line.split('\t');
      if (!/^\d+$/.test(guid) || !/^[A-Z]+$/.test(health) || more.length > 0)
        throw new CollectorError('unexpected_output', `zpool list printed no pool: ${line.slice(0, 100)}`);
      return { name, guid, size: bytes(size), allocated: bytes(allocated), health };
    });
}

const sayings: readonly (readonly [RegExp, Reason])[] = [
  [/modules are not loaded|\/proc\/self\/mounts are required|failed to initialize/i, 'unsupported'],
  [/permission denied|must be run as root/i, 'permission_denied'],
];

async function ask(host: Host, args: readonly string[]): Promise<string> {
  // zpool prints times without a zone.
  const { exitCode, stdout, stderr } = await host.run('zpool', args, {
    timeout: host.timeLimit * 400,
    env: { TZ: 'UTC' },
  });
  if (exitCode === 0 || /no pools available/.test(stderr)) return stdout;
  const reason = sayings.find(([pattern]) => pattern.test(stderr))?.[1] ?? 'tool_failed';
  const said = stderr.trim().split('\n')[0]?.slice(0, 200) ?? '';
  throw new CollectorError(reason, `zpool ${args[0]} ended with ${exitCode}: ${said || 'it gave no reason'}`);
}

function bytes(text: string): number | undefined {
  return /^\d+$/.test(text) ? Number(text) : undefined;
}
