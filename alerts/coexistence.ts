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
import type { RuleGroup } from './rules.ts';

/** What other exporters say, as facts of our catalogue: a file of its own, installed where they run (docs/coexistence.md). */
export function coexistenceRules(policy: Policy): { readonly groups: readonly RuleGroup<MappingRule>[] } {
  // Disks in this order: who comes later yields to who came before.
  const disks = [...smartctlExporter, ...nvmeMetrics, ...smartmon, ...storcli];
  const rules = [...velero, ...cloudNativePg, ...disks, ...nodeExporter];
  return {
    groups: [{ name: 'maintenance-coexistence', interval: durationText(policy.evaluation_interval), rules }],
  };
}
