import type { VolumeFacts } from '../volume/facts.ts';
import type { Group, LogicalVolume } from './report.ts';

/** How many images may be missing, by layout; raid10 depends on which ones. */
const tolerated: Readonly<Record<string, (images: number) => number>> = {
  raid1: (images) => images - 1,
  mirror: (images) => images - 1,
  raid4: () => 1,
  raid5: () => 1,
  raid6: () => 2,
  raid10: () => 1,
};

export function judgeGroup(group: Group): VolumeFacts {
  const missing = group.vg_missing_pv_count;
  return {
    volume: group.vg_name,
    id: group.vg_uuid,
    level: 'volume group',
    healthy: missing === undefined ? undefined : missing === 0,
    members: group.pv_count,
    degradedMembers: missing,
    size: group.vg_size,
  };
}

/** The volumes that can be out of order by themselves: RAID and mirrors, also those inside a pool, thin pools and cached volumes. */
export function judgeVolumes(volumes: readonly LogicalVolume[]): readonly VolumeFacts[] {
  return volumes.flatMap((volume): readonly VolumeFacts[] => {
    const layout = volume.lv_layout.split(',');
    const role = volume.lv_role.split(',');
    const part =
      role.includes('image') || (role.includes('metadata') && role.includes('raid')) || role.includes('log');
    const level = layout.find((word) => Object.hasOwn(tolerated, word.replace(/^(raid\d+)_\w+$/, '$1')));
    if (part) return [];
    if (level !== undefined) return [raid(volume, level.replace(/_.*$/, ''), volumes)];
    if (layout.includes('thin') && layout.includes('pool')) return [thinPool(volume)];
    if ((layout.includes('cache') || layout.includes('writecache')) && !layout.includes('pool'))
      return [cached(volume, layout.includes('cache') ? 'cache' : 'writecache')];
    return [];
  });
}

/**
 * How full what can overflow is, by name: copy-on-write snapshots, and pools of VDO. They come and go, or tell no health, so nothing
 * else is said of them.
 */
export function overflowing(volumes: readonly LogicalVolume[]): ReadonlyMap<string, number> {
  return new Map(
    volumes.flatMap((volume) => {
      const layout = volume.lv_layout.split(',');
      const snapshot = volume.lv_role.split(',').includes('thicksnapshot');
      // A snapshot that ran over is invalid, its content lost: `I` or `S` in the fifth place.
      const lost = snapshot && /^.{4}[IS]/.test(volume.lv_attr);
      const percent = snapshot
        ? (volume.snap_percent ?? volume.data_percent)
        : layout.includes('vdo') && layout.includes('pool')
          ? volume.data_percent
          : undefined;
      const share = lost ? 1 : ratio(percent);
      return share === undefined ? [] : [[fullName(volume), share] as const];
    }),
  );
}

function raid(volume: LogicalVolume, level: string, volumes: readonly LogicalVolume[]): VolumeFacts {
  const own = bare(volume.lv_name);
  const images = volumes.filter(
    ({ vg_name: group, lv_parent: parent, lv_role: role }) =>
      group === volume.vg_name && bare(parent) === own && role.split(',').includes('image'),
  );
  const { lv_health_status: health, sync_percent: synced, raid_sync_action: action } = volume;
  const active = volume.lv_active !== '';
  // While all images are made alike for the first time, or after a power cut, each counts as out of sync and none is lacking.
  const settled = action !== 'resync';
  const lacking = images.filter((one) => isFailed(one) || (settled && one.lv_attr.startsWith('I'))).length;
  // The percentage is that of a check, too, and of a reshape.
  const restoring =
    active &&
    (['recover', 'resync'].includes(action) || (action === '' && synced !== undefined && synced < 100));
  const unsynced = restoring || (['idle', 'frozen'].includes(action) && synced !== undefined && synced < 100);
  const bad = unsynced || lacking > 0 || !['', 'writemostly', 'unknown'].includes(health);
  const told = active && synced !== undefined && health !== 'unknown';
  return {
    ...common(volume, level),
    healthy: bad ? false : told ? true : undefined,
    operational: serves(level, images.length, lacking, told),
    members: images.length === 0 ? undefined : images.length,
    degradedMembers: images.length === 0 || !(told || lacking > 0) ? undefined : lacking,
    rebuilt: restoring ? ratio(synced ?? 0) : undefined,
    scrubErrors:
      volume.raid_mismatch_count !== undefined && volume.raid_mismatch_count > 0
        ? volume.raid_mismatch_count
        : undefined,
  };
}

/** Whether an image cannot be used: its disk is missing, or it has failed. Out of sync it has `I` in the first place of lv_attr. */
function isFailed({ lv_health_status: health }: LogicalVolume): boolean {
  return !['', 'writemostly', 'unknown'].includes(health);
}

function serves(level: string, images: number, lacking: number, told: boolean): boolean | undefined {
  if (images === 0) return undefined;
  if (lacking > (tolerated[level]?.(images) ?? 0))
    return level === 'raid10' && lacking < images ? undefined : false;
  return told ? true : undefined;
}

function thinPool(volume: LogicalVolume): VolumeFacts {
  const { lv_health_status: health, data_percent: data, metadata_percent: metadata } = volume;
  const told = volume.lv_active !== '' && data !== undefined && health !== 'unknown';
  const bad = !['', 'unknown'].includes(health);
  return {
    ...common(volume, 'thin pool'),
    healthy: bad ? false : told ? true : undefined,
    operational: health === 'failed' ? false : told && !bad ? true : undefined,
    used: { data: ratio(data), metadata: ratio(metadata) },
  };
}

function cached(volume: LogicalVolume, level: string): VolumeFacts {
  const { lv_health_status: health } = volume;
  const told = volume.lv_active !== '' && volume.data_percent !== undefined && health !== 'unknown';
  const bad = !['', 'unknown'].includes(health);
  return {
    ...common(volume, level),
    healthy: bad ? false : told ? true : undefined,
    operational: health === 'failed' || health === 'error' ? false : told && !bad ? true : undefined,
  };
}

function common(volume: LogicalVolume, level: string) {
  return { volume: fullName(volume), id: volume.lv_uuid, level, size: volume.lv_size };
}

function fullName({ vg_name: group, lv_name: name }: LogicalVolume): string {
  return `${group}/${bare(name)}`;
}

/** A hidden volume stands in brackets. */
function bare(name: string): string {
  return name.replace(/^\[(.*)\]$/, '$1');
}

function ratio(percent: number | undefined): number | undefined {
  return percent === undefined ? undefined : percent / 100;
}
