import { alertGroup, alertGroups } from './alert-rules.ts';
import { calendarGroup } from './calendar-records.ts';
import { recordGroups } from './record-rules.ts';

const last: readonly string[] = [calendarGroup, alertGroup('agreements')];

/**
 * Every rule group, each after those whose series it reads. Prometheus evaluates groups apart from each other and they see
 * each other an interval late at most; tests with steps of a quarter of an hour evaluate them in this order.
 */
export const evaluationOrder: readonly string[] = [
  ...[...recordGroups, ...alertGroups].filter((group) => !last.includes(group)),
  ...last,
];
