import type { VolumeFacts } from '../volume/facts.ts';
import type { Attributes } from './attributes.ts';
import type { Listed } from './mdstat.ts';

/** How many members may be missing, by level; raid10 depends on which ones. */
const tolerated: Readonly<Record<string, (members: number) => number>> = {
  raid1: (members) => members - 1,
  multipath: (members) => members - 1,
  raid4: () => 1,
  raid5: () => 1,
  raid6: () => 2,
  raid10: () => 1,
};

/** Whether this only holds the metadata of the arrays in it (IMSM, DDF); it is never active and keeps no data. */
export function isContainer({ metadata, active }: Listed): boolean {
  return !active && metadata !== undefined && /^external:[^/-]/.test(metadata);
}

/** @param attributes undefined where sysfs does not tell; what only it knows is then unknown. */
export function judge(listed: Listed, attributes: Attributes | undefined): VolumeFacts {
  const level = listed.level ?? attributes?.level ?? 'unknown';
  const members = attributes?.members ?? listed.expected;
  const common = {
    volume: listed.name,
    id: attributes?.uuid,
    level,
    members: members === 0 ? undefined : members,
  };
  if (!listed.active) return { ...common, healthy: false, operational: false };

  const failed = failedDevices(listed, attributes);
  const missing = missingMembers(listed, attributes);
  const redundant = Object.hasOwn(tolerated, level);
  const broken = attributes?.state === 'broken' || attributes?.state === 'inactive';
  // md prints `resync` for a repair, too, which is a check that writes.
  const restoring =
    listed.action !== undefined &&
    ['resync', 'recovery'].includes(listed.action.kind) &&
    attributes?.action !== 'repair';
  const unsettled = restoring && listed.action?.kind === 'resync';
  const lacking = redundant ? missing : attributes === undefined ? undefined : 0;
  const degraded = lacking === undefined && failed === 0 ? undefined : Math.max(lacking ?? 0, failed);
  return {
    ...common,
    healthy: broken || unsettled ? false : degraded === undefined ? undefined : degraded === 0,
    operational: broken ? false : operational(level, members, degraded, redundant),
    degradedMembers: degraded,
    spares: listed.devices.filter(({ flags }) => flags.includes('S') && !flags.includes('F')).length,
    rebuilt: restoring ? listed.action?.done : undefined,
    size: listed.blocks === undefined ? undefined : listed.blocks * 1024,
    errors: { corrected: sum(attributes?.devices.map(({ corrected }) => corrected)) },
  };
}

function operational(
  level: string,
  members: number | undefined,
  degraded: number | undefined,
  redundant: boolean,
): boolean | undefined {
  if (degraded === undefined) return undefined;
  if (degraded === 0) return true;
  if (!redundant) return false;
  if (members === undefined) return undefined;
  if (degraded <= (tolerated[level]?.(members) ?? 0)) return true;
  return level === 'raid10' && degraded < members ? undefined : false;
}

/** Members that md says failed, and those whose disk is gone before md has noticed. */
function failedDevices(listed: Listed, attributes: Attributes | undefined): number {
  const names = new Set([
    ...listed.devices.filter(({ flags }) => flags.includes('F')).map(({ name }) => name),
    ...(attributes?.devices ?? [])
      .filter(({ states, attached }) => states.includes('faulty') || !attached)
      .map(({ name }) => name),
  ]);
  return names.size;
}

function missingMembers(
  { expected, working }: Listed,
  attributes: Attributes | undefined,
): number | undefined {
  const counted = expected === undefined || working === undefined ? undefined : expected - working;
  if (counted === undefined) return attributes?.missing;
  return Math.max(0, counted, attributes?.missing ?? 0);
}

function sum(values: readonly (number | undefined)[] | undefined): number | undefined {
  const known = (values ?? []).filter((value) => value !== undefined);
  return known.length === 0 ? undefined : known.reduce((total, value) => total + value, 0);
}
