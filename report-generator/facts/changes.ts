import { z } from 'zod';

export const changeKinds = [
  'target_changed', // the share of a control that the policy wants
  'limit_changed', // how old something may be
  'host_removed',
  'host_added',
  'system_changed', // another operating system or release
  'agent_changed', // another version of the exporter
  'kernel_changed',
  'updates_installed', // runs of package managers
] as const;
export type ChangeKind = (typeof changeKinds)[number];

/** What changed in the month, as the series show it, oldest first. */
export const changesSchema = z.strictObject({
  changes: z.array(
    z.strictObject({
      /** The local day, `2026-10-14`. */
      day: z.string(),
      kind: z.enum(changeKinds),
      /** On which hosts; none where it is about the policy. */
      instances: z.array(z.string()),
      /** The control, of a change of the policy; else empty. */
      control: z.string(),
      /** Versions; shares 0 to 1; seconds; null where there is none. */
      from: z.union([z.string(), z.number()]).nullable(),
      to: z.union([z.string(), z.number()]).nullable(),
      /** Of updates_installed: runs, and those of them that failed or ended in part. */
      runs: z.int().nullable(),
      failed: z.int().nullable(),
    }),
  ),
  queries: z.array(z.string()),
});
export type Changes = z.infer<typeof changesSchema>;
export type Change = Changes['changes'][number];
