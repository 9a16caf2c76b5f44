import { cloudNativePg } from './coexistence/cloudnative_pg.ts';
import type { MappingRule } from './coexistence/mapped.ts';
import { velero } from './coexistence/velero.ts';
import { durationText } from './duration.ts';
import type { Policy } from './policy.ts';
import type { RuleGroup } from './rules.ts';

/** What other exporters say, as facts of our catalogue: a file of its own, installed where they run (docs/coexistence.md). */
export function coexistenceRules(policy: Policy): { readonly groups: readonly RuleGroup<MappingRule>[] } {
  const rules = [...velero, ...cloudNativePg];
  return {
    groups: [{ name: 'maintenance-coexistence', interval: durationText(policy.evaluation_interval), rules }],
  };
}
