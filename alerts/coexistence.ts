import { cloudNativePg } from './coexistence/cloudnative_pg.ts';
import type { MappingRule } from './coexistence/mapped.ts';
import { nodeExporter } from './coexistence/node_exporter.ts';
import { nvmeMetrics } from './coexistence/nvme_metrics.ts';
import { smartctlExporter } from './coexistence/smartctl_exporter.ts';
import { smartmon } from './coexistence/smartmon.ts';
import { storcli } from './coexistence/storcli.ts';
import { velero } from './coexistence/velero.ts';
import { durationText } from './duration.ts';
import type { Policy } from './policy.ts';
import type { RuleFile } from './rules.ts';

/** Of disks, who comes later yields to who came before. */
const sources: Readonly<Record<string, readonly MappingRule[]>> = {
  velero,
  cloudnative_pg: cloudNativePg,
  smartctl_exporter: smartctlExporter,
  nvme_metrics: nvmeMetrics,
  smartmon,
  storcli,
  node_exporter: nodeExporter,
};

/** The rule groups in the order in which each sees at once what it yields to. */
export const coexistenceGroups: readonly string[] = Object.keys(sources).map(groupOf);

/** What other exporters say, as facts of our catalogue, by file: each is installed where its exporter runs (docs/coexistence.md). */
export function coexistenceRules(policy: Policy): Readonly<Record<string, RuleFile<MappingRule>>> {
  const interval = durationText(policy.evaluation_interval);
  return Object.fromEntries(
    Object.entries(sources).map(([source, rules]) => [
      `coexistence-${source}.yaml`,
      { groups: [{ name: groupOf(source), interval, rules }] },
    ]),
  );
}

function groupOf(source: string): string {
  return `maintenance-${source}`;
}
