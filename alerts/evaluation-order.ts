import { alertGroup, alertGroups } from './alert-rules.ts';
import { recordGroups } from './record-rules.ts';
import { slaGroup } from './sla-records.ts';

const last: readonly string[] = [slaGroup, alertGroup('agreements')];

/**
 * Every rule group, each after those whose series it reads. Prometheus evaluates groups apart from each other and they see
 * each other an interval late at most; tests with steps of a quarter of an hour evaluate them in this order.
 */
export const evaluationOrder: readonly string[] = [
  ...[...recordGroups, ...alertGroups].filter((group) => !last.includes(group)),
  ...last,
];
