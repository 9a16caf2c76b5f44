import { type labelValues, type Sample, sample } from '../../metrics.ts';

/** Values of the `kind` label of volumes. */
export type VolumeKind = 'md' | 'zfs' | 'btrfs' | 'lvm' | 'megaraid' | 'storage-spaces';

type VolumeError = (typeof labelValues)['error'][number];
type Space = (typeof labelValues)['space'][number];

/** What is known of one volume; what is not is left out. */
export interface VolumeFacts {
  /** The name people know it by. */
  readonly volume: string;
  /** What stays when it is renamed (UUID); the name unless told. */
  readonly id?: string | undefined;
  readonly level: string;
  readonly healthy?: boolean | undefined;
  readonly operational?: boolean | undefined;
  readonly members?: number | undefined;
  readonly degradedMembers?: number | undefined;
  readonly spares?: number | undefined;
  /** 0 to 1. */
  readonly rebuilt?: number | undefined;
  /** Unix seconds. */
  readonly scrubbed?: number | undefined;
  readonly scrubErrors?: number | undefined;
  readonly errors?: Partial<Readonly<Record<VolumeError, number | undefined>>>;
  /** Bytes. */
  readonly size?: number | undefined;
  /** 0 to 1. */
  readonly used?: Partial<Readonly<Record<Space, number | undefined>>>;
}

/** The series of a volume that is there. */
export function volumeSamples(kind: VolumeKind, facts: VolumeFacts): readonly Sample[] {
  const { volume, level, errors = {}, used = {} } = facts;
  const labels = { kind, volume };
  return [
    sample('maintenance_volume_info', { ...labels, level }, 1),
    sample('maintenance_volume_present', labels, 1),
    ...known(facts.healthy, (value) => sample('maintenance_volume_healthy', labels, value)),
    ...known(facts.operational, (value) => sample('maintenance_volume_operational', labels, value)),
    ...known(facts.members, (value) => sample('maintenance_volume_members', labels, value)),
    ...known(facts.degradedMembers, (value) => sample('maintenance_volume_degraded_members', labels, value)),
    ...known(facts.spares, (value) => sample('maintenance_volume_spares', labels, value)),
    ...known(facts.rebuilt, (value) => sample('maintenance_volume_rebuild_ratio', labels, value)),
    ...known(facts.scrubbed, (value) => sample('maintenance_volume_scrub_timestamp_seconds', labels, value)),
    ...known(facts.scrubErrors, (value) => sample('maintenance_volume_scrub_errors', labels, value)),
    ...(['read', 'write', 'checksum', 'flush', 'generation', 'corrected', 'data'] as const).flatMap((error) =>
      known(errors[error], (value) => sample('maintenance_volume_errors', { ...labels, error }, value)),
    ),
    ...known(facts.size, (value) => sample('maintenance_volume_size_bytes', labels, value)),
    ...(['data', 'metadata'] as const).flatMap((space) =>
      known(used[space], (value) => sample('maintenance_volume_used_ratio', { ...labels, space }, value)),
    ),
  ];
}

function known(value: number | boolean | undefined, make: (value: number) => Sample): readonly Sample[] {
  const number = Number(value);
  return value === undefined || !Number.isFinite(number) ? [] : [make(number)];
}
