import { z } from 'zod';
import type { Host } from '../../collector.ts';
import { labelValues } from '../../metrics.ts';
import type { Severity } from '../patch/offers.ts';

/** What the debsecan collector leaves in the state: the worst severity that an update of a package closes. */
const documentSchema = z.object({
  format: z.literal(1),
  /** Unix seconds. */
  at: z.number(),
  packages: z.record(z.string(), z.enum(labelValues.severity)),
});

/** After so long the tracker may think differently, seconds. */
const shelfLife = 7 * 86_400;

/** Severities by binary package; undefined where debsecan did not run within seven days. It is an extra: without it they are unknown. */
export async function debsecanSeveritiesOf(host: Host): Promise<ReadonlyMap<string, Severity> | undefined> {
  const remembered = await host.state.read('debsecan-severities').catch(() => undefined);
  const parsed = documentSchema.safeParse(remembered?.document);
  if (!parsed.success || Math.abs(host.now() - parsed.data.at) > shelfLife) return undefined;
  return new Map(Object.entries(parsed.data.packages));
}
