import { z } from 'zod';
import type { DeployedPackage, Deployment } from '../patch/deployments.ts';

export const changesSchema = z.array(
  z.object({
    id: z.string(),
    kind: z.string(),
    summary: z.string().optional(),
    status: z.string(),
    ready: z.boolean(),
    'spawn-time': z.string(),
    'ready-time': z.string().optional(),
    data: z.object({ 'snap-names': z.array(z.string()).optional() }).optional(),
    tasks: z.array(z.object({ kind: z.string(), summary: z.string(), status: z.string() })).optional(),
  }),
);
type Change = z.infer<typeof changesSchema>[number];

/** Kinds of changes that bring or take snaps: `refresh-snap`, `auto-refresh`, `install-snap`, `remove-snap`, `revert-snap`. */
const deploying = /^(?:auto-refresh|(?:refresh|install|remove|revert|update)(?:-(?:snap|snaps|many))?)$/;

/** Statuses at the end of a change (overlord/state/change.go): `Hold` is one that was aborted, `Wait` one that waits for a start. */
const ends: Readonly<Record<string, 'success' | 'failure'>> = {
  Done: 'success',
  Error: 'failure',
  Undone: 'failure',
  Hold: 'failure',
};

/** Deployments among the changes snapd remembers, which it forgets about a day after they end. */
export function deploymentsOf(changes: readonly Change[]): readonly Deployment[] {
  return changes.flatMap((change) => {
    const started = Date.parse(change['spawn-time']) / 1000;
    const ended = Date.parse(change['ready-time'] ?? '') / 1000;
    const outcome = ends[change.status];
    if (!change.ready || outcome === undefined || !deploying.test(change.kind) || !Number.isFinite(started))
      return [];
    const packages = packagesOf(change);
    // Snaps are refreshed on their own: some may stay while others are undone.
    const partial = outcome === 'failure' && packages.some(({ failed }) => failed === false);
    return [
      {
        started,
        ended: Number.isFinite(ended) ? ended : undefined,
        outcome: partial ? ('partial' as const) : outcome,
        packages,
        command: change.summary,
        number: `change ${change.id}`,
      },
    ];
  });
}

/** What was put in place, from tasks such as `Make snap "firefox" (4567) available to the system`; the names alone where there are none. */
function packagesOf({ tasks = [], data, kind }: Change): readonly DeployedPackage[] {
  const linked = tasks.flatMap(({ kind: task, summary, status }): readonly DeployedPackage[] => {
    const [, name, revision] = /snap "([^"]+)" \(([^)]+)\)/.exec(summary) ?? [];
    if (task !== 'link-snap' || name === undefined) return [];
    return [{ name, to: revision, failed: status !== 'Done' }];
  });
  if (linked.length > 0) return linked;
  return (data?.['snap-names'] ?? []).map((name) => ({
    name,
    ...(kind.startsWith('remove') ? {} : { to: undefined }),
  }));
}
