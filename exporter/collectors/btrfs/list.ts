import { CollectorError } from '../../collector.ts';
import { type LocalTime, localToUnix } from '../system/local-time.ts';

/** A subvolume as `btrfs subvolume list -u -q -R` prints it; see btrfs-subvolume(8) and cmds/subvolume-list.c. */
export interface Subvolume {
  /** From the top of the file system, whatever part of it is mounted. */
  readonly path: string;
  readonly uuid: string;
  /** UUID of the subvolume that was sent. `btrfs receive` sets it when everything has arrived (cmds/receive.c, finish_subvol). */
  readonly receivedUuid: string | undefined;
  /** When it was made, unix seconds; only with -s. */
  readonly made: number | undefined;
}

const shape =
  /^ID \d+ gen \d+(?: cgen \d+)?(?: parent \d+)? top level \d+(?: otime (\d{4}-\d\d-\d\d \d\d:\d\d:\d\d|-))?(?: parent_uuid \S+ *)?(?: received_uuid (\S+) *)?(?: uuid (\S+))? path (.+)$/;

/**
 * @param text printed under TZ=UTC: times of creation are in the zone of the program, and say no zone.
 * @throws CollectorError unexpected_output for a line that is no subvolume.
 */
export function parseList(text: string): readonly Subvolume[] {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [, otime, received, uuid, path] = shape.exec(line) ?? [];
      if (path === undefined || uuid === undefined)
        throw new CollectorError(
          'unexpected_output',
          `btrfs subvolume list printed something that is not a subvolume: ${line.slice(0, 100)}`,
        );
      return {
        path: path.replace(/^<FS_TREE>\//, ''),
        uuid,
        receivedUuid: received === undefined || received === '-' ? undefined : received,
        made: otime === undefined ? undefined : utc(otime),
      };
    });
}

function utc(text: string): number | undefined {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = text.split(/[- :]/).map(Number);
  const time: LocalTime = { year, month, day, hour, minute, second };
  return localToUnix(time, 'UTC');
}
