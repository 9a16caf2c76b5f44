import { z } from 'zod';
import { type Collection, type Host, type Problem, problemOf } from '../../collector.ts';
import { sample } from '../../metrics.ts';
import { type VolumeFacts, type VolumeKind, volumeSamples } from './facts.ts';

const schema = z.object({ volumes: z.record(z.string(), z.string()) });

/** Setting of every collector of volumes: what it leaves alone, and forgets. */
export const excludeSetting = z
  .array(z.string().min(1, 'expected the name of a volume'), { error: 'expected a list of names' })
  .default([])
  .describe(
    "Volumes (the `volume` label) that are nobody's business, or that were removed on purpose: a volume that was seen once is expected until it stands here.",
  );

/**
 * The series of the volumes that were found, and of those that were seen before and are gone: an array that was not assembled after
 * a restart leaves no other trace.
 * @param complete whether nothing can have been overlooked; only then is what was not found gone.
 */
export async function withMissing(
  host: Host,
  kind: VolumeKind,
  found: readonly VolumeFacts[],
  { exclude, complete }: { readonly exclude: readonly string[]; readonly complete: boolean },
): Promise<Collection> {
  const wanted = apart(found.filter(({ volume }) => !exclude.includes(volume)));
  const { before, problems } = await remember(host, kind, wanted, exclude);
  const ids = new Set(found.map(idOf));
  const names = new Set(found.map(({ volume }) => volume));
  const missing = [...before].filter(
    ([id, volume]) => !ids.has(id) && !names.has(volume) && !exclude.includes(volume),
  );
  return {
    samples: [
      ...wanted.flatMap((facts) => volumeSamples(kind, facts)),
      ...(complete
        ? [...new Set(missing.map(([, volume]) => volume))].map((volume) =>
            sample('maintenance_volume_present', { kind, volume }, 0),
          )
        : []),
    ],
    problems,
  };
}

/** Volumes by their identity as they were remembered, and adds those that were found. */
async function remember(
  host: Host,
  kind: VolumeKind,
  found: readonly VolumeFacts[],
  exclude: readonly string[],
): Promise<{ readonly before: ReadonlyMap<string, string>; readonly problems: readonly Problem[] }> {
  const name = `volumes-${kind}`;
  try {
    const { document, problems } = await host.state.read(name);
    const { data } = schema.safeParse(document);
    const before = new Map(Object.entries(data?.volumes ?? {}));
    const names = new Set([...found.map(({ volume }) => volume), ...exclude]);
    const now = new Map([...before].filter(([, volume]) => !names.has(volume)));
    for (const facts of found) now.set(idOf(facts), facts.volume);
    const after = { volumes: Object.fromEntries([...now].toSorted(([a], [b]) => (a < b ? -1 : 1))) };
    if (problems.length > 0 || JSON.stringify(after) !== JSON.stringify(data ?? { volumes: {} }))
      await host.state.write(name, after);
    return {
      before,
      problems:
        document === undefined || data !== undefined
          ? problems
          : [
              ...problems,
              {
                reason: 'state_unreadable',
                message: `${name} is damaged; the known volumes are learned anew`,
              },
            ],
    };
  } catch (error) {
    return { before: new Map(), problems: [problemOf(error, 'the volumes seen before')] };
  }
}

function idOf({ id, volume }: VolumeFacts): string {
  return id ?? volume;
}

/** Two that share a name, as two volume groups can, get their identity behind it: neither may hide the other. */
function apart(found: readonly VolumeFacts[]): readonly VolumeFacts[] {
  return found.map((facts) =>
    found.filter(({ volume }) => volume === facts.volume).length === 1
      ? facts
      : { ...facts, volume: `${facts.volume} (${idOf(facts)})` },
  );
}
