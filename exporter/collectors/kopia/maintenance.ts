import { z } from 'zod';
import { CollectorError } from '../../collector.ts';

const runSchema = z.object({
  start: z.string(),
  success: z.boolean().optional(),
  error: z.string().optional(),
});
const infoSchema = z.object({
  schedule: z.object({ runs: z.record(z.string(), z.array(runSchema).nullable()).nullish() }),
});

/**
 * Tasks of maintenance whose newest run failed, from `kopia maintenance info --json` (cli/command_maintenance_info.go; runs in
 * repo/maintenance/maintenance_schedule.go, times in RFC 3339).
 * @throws CollectorError unexpected_output.
 */
export function parseMaintenance(
  stdout: string,
): readonly { readonly task: string; readonly error: string }[] {
  const info = infoSchema.safeParse(parseJson(stdout)).data;
  if (info === undefined)
    throw new CollectorError('unexpected_output', 'kopia maintenance info printed no schedule as JSON');
  return Object.entries(info.schedule.runs ?? {}).flatMap(([task, runs]) => {
    const newest = (runs ?? []).toSorted((a, b) => Date.parse(b.start) - Date.parse(a.start))[0];
    if (newest === undefined || newest.success === true) return [];
    return [{ task, error: newest.error ?? 'it gave no reason' }];
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
