import { z } from 'zod';
import type { Problem } from '../../collector.ts';
import type { BackupFacts, Check, RestorePoint } from '../backup/facts.ts';
import { taskStart } from './upid.ts';

/** Between the clocks of the server and of this host, seconds. */
const slack = 300;

const groupSchema = z.object({ 'backup-type': z.string().min(1), 'backup-id': z.string().min(1) });
/** SnapshotListItem of pbs-api-types/src/datastore.rs: optional members are absent, never 0. */
const snapshotSchema = groupSchema.extend({
  'backup-time': z.number().int(),
  size: z.number().nonnegative().nullish(),
  verification: z.object({ state: z.string().nullish(), upid: z.string().nullish() }).nullish(),
});
type Snapshot = z.infer<typeof snapshotSchema>;

/** Snapshots of one namespace, by `type/id`: vm/100 and ct/100 are different guests. */
export interface Groups {
  /** Undefined for a group of which a snapshot could not be read. */
  readonly groups: ReadonlyMap<string, BackupFacts | undefined>;
  /** Whether the group of every snapshot is known: only then is a group that is not among them not there. */
  readonly whole: boolean;
  readonly problems: readonly Problem[];
}

/**
 * @param list the `data` of /admin/datastore/{store}/snapshots.
 * @param scope datastore and namespace, for messages.
 * @param now unix seconds.
 */
export function parseSnapshots(list: readonly unknown[], scope: string, now: number): Groups {
  const snapshots = new Map<string, Snapshot[]>();
  const broken = new Set<string>();
  let [unreadable, nameless] = [0, 0];
  for (const entry of list) {
    const read = snapshotSchema.safeParse(entry);
    if (read.success) {
      const name = groupName(read.data);
      const group = snapshots.get(name);
      if (group === undefined) snapshots.set(name, [read.data]);
      else group.push(read.data);
    } else {
      unreadable += 1;
      const group = groupSchema.safeParse(entry);
      if (group.success) broken.add(groupName(group.data));
      else nameless += 1;
    }
  }
  const described = [...snapshots].map(
    ([name, all]) => [name, describeGroup(all, `${scope}/${name}`, now)] as const,
  );
  return {
    groups: new Map([
      ...described.map(([name, { facts }]) => [name, facts] as const),
      ...[...broken].map((name) => [name, undefined] as const),
    ]),
    whole: nameless === 0,
    problems: [
      ...described.flatMap(([, { problems }]) => problems),
      ...(unreadable === 0
        ? []
        : [
            {
              reason: 'unexpected_output' as const,
              message: `${unreadable} of ${list.length} snapshots in ${scope} are not as documented; what is said of their groups is unknown`,
            },
          ]),
    ],
  };
}

function groupName(group: z.infer<typeof groupSchema>): string {
  return `${group['backup-type']}/${group['backup-id']}`;
}

function describeGroup(
  all: readonly Snapshot[],
  name: string,
  now: number,
): { readonly facts: BackupFacts; readonly problems: readonly Problem[] } {
  const past = all.filter((snapshot) => snapshot['backup-time'] <= now + slack);
  const problems: Problem[] = [];
  if (past.length < all.length)
    problems.push({
      reason: 'clock_wrong',
      message: `${name} has a snapshot dated in the future, which is left out; check the clocks of the client that made it and of this host`,
    });
  const states = new Set(past.flatMap(({ verification }) => verification?.state ?? []));
  const strange = [...states].filter((state) => state !== 'ok' && state !== 'failed');
  if (strange.length > 0)
    problems.push({
      reason: 'unexpected_output',
      message: `${name} has a snapshot whose verification is ${strange.join(', ')}; only ok and failed are known, so whether it was verified is unknown`,
    });
  // Without a size its manifest is not there yet, or cannot be read (info_to_snapshot_list_item): nothing to restore from.
  const restorePoints = past
    .filter(({ size }) => typeof size === 'number')
    .map((snapshot): RestorePoint => ({
      time: snapshot['backup-time'],
      bytes: snapshot.size ?? undefined,
      incomplete: snapshot.verification?.state === 'failed',
    }));
  const newest = Math.max(...restorePoints.map(({ time }) => time));
  const unfinished = past
    .filter(({ size }) => typeof size !== 'number')
    .map((snapshot) => snapshot['backup-time'])
    .filter((time) => time > newest);
  const check = verdictOn(past);
  if (check === 'undated')
    problems.push({
      reason: 'unexpected_output',
      message: `${name} was verified by a task whose name (upid) tells no date; when it was verified is unknown`,
    });
  return {
    facts: {
      restorePoints,
      readable: true,
      checks: check === undefined || check === 'undated' ? [] : [check],
      runningSince: unfinished.length === 0 ? undefined : Math.max(...unfinished),
    },
    problems,
  };
}

/**
 * What verification says of a group: every byte of a snapshot was read back and compared. Its date is the one its task began.
 * It is in order only when no snapshot that is still there failed: a task passes by what was verified before, so that a newer
 * verdict on one snapshot takes nothing back of an older one on another. A snapshot not verified yet is no failure.
 */
function verdictOn(snapshots: readonly Snapshot[]): Check | 'undated' | undefined {
  const verdicts = snapshots.flatMap(({ verification: found }) =>
    found?.state === 'ok' || found?.state === 'failed'
      ? [{ success: found.state === 'ok', at: taskStart(found.upid) }]
      : [],
  );
  if (verdicts.length === 0) return undefined;
  const dates = verdicts.flatMap(({ at }) => at ?? []);
  if (dates.length === 0) return 'undated';
  return { depth: 'data', at: Math.max(...dates), success: verdicts.every(({ success }) => success) };
}
