import { CollectorError } from '../../collector.ts';

/** A snapshot as zfs lists it. */
export interface Snapshot {
  /** The part after `@`. */
  readonly name: string;
  readonly dataset: string;
  /** When it was taken, unix seconds; a received one keeps that of its source (dmu_recv.c sets it from the stream). */
  readonly taken: number;
  /** The same on both sides of a replication. */
  readonly guid: string;
  /** Data it refers to. */
  readonly bytes: number | undefined;
}

/** What is under a dataset. */
export interface Listing {
  /** File systems and volumes. */
  readonly datasets: readonly string[];
  readonly snapshots: readonly Snapshot[];
}

/** Columns of `zfs list`; with -H they are separated by tabs, with -p numbers are exact (zfs-list(8)). */
export const columns = 'type,name,creation,guid,used,referenced';

/** @throws CollectorError unexpected_output for a line that is none of zfs, and when nothing was listed at all. */
export function parseList(text: string): Listing {
  const datasets: string[] = [];
  const snapshots: Snapshot[] = [];
  for (const line of text.split('\n')) {
    if (line === '') continue;
    const [type, path = '', creation = '', guid = '', , referenced = ''] = line.split('\t');
    const [dataset = '', name] = path.split('@');
    if (
      !/^\d+$/.test(creation) ||
      !/^\d+$/.test(guid) ||
      dataset === '' ||
      (type === 'snapshot') !== (name !== undefined)
    )
      throw new CollectorError('unexpected_output', `zfs list printed something else: ${line.slice(0, 100)}`);
    if (name === undefined) datasets.push(dataset);
    else
      snapshots.push({
        name,
        dataset,
        taken: Number(creation),
        guid,
        bytes: /^\d+$/.test(referenced) ? Number(referenced) : undefined,
      });
  }
  if (datasets.length === 0) throw new CollectorError('unexpected_output', 'zfs list listed no dataset');
  return { datasets, snapshots };
}
