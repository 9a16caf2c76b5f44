import { matcherText, vector } from '../exporter/metrics.ts';
import { firstOf, host } from './control.ts';
import type { Policy } from './policy.ts';
import { recorded } from './records.ts';
import { type RecordingRule, ruleGroup, type RuleGroup, seldom } from './rules.ts';

/** The rule group of what is recorded of failed authentications. */
export const authenticationGroup = 'maintenance-authentication';

const inventory = 'instance:maintenance_host_expected:bool';
/** Half hours in the days looked back. */
const halfHours = 7 * 48;

/** How many failures each host may have. */
export function authenticationLimits({ authentication }: Policy): readonly RecordingRule[] {
  const { failures_30m, overrides } = authentication;
  const limits = [...overrides, { match: {}, failures_30m }].map(
    ({ match, failures_30m: count }) => `${inventory}${matcherText(match)} * ${count}`,
  );
  return [{ record: 'instance:maintenance_authentication_failures_limit:count', expr: firstOf(...limits) }];
}

/** What is usual on each host; it looks back for days, so it does so seldom. */
export function authenticationRecords({ authentication }: Policy): RuleGroup<RecordingRule> {
  const failures = vector('maintenance_authentication_failures_total');
  return ruleGroup(authenticationGroup, seldom, [
    {
      record: 'maintenance:authentication_failures_times_usual:ratio',
      expr: `vector(${authentication.times_usual})`,
    },
    {
      record: 'instance:maintenance_authentication_failures_usual:increase30m',
      expr: `sum by (${host}) (increase(${failures}[7d] offset 1h)) / ${halfHours}`,
    },
  ]);
}

/** PromQL: the failures of each host within half an hour. */
export const failuresNow = `sum by (${host}) (increase(${vector('maintenance_authentication_failures_total')}[30m]))`;

/** PromQL: from where on a host hears more than its usual noise. */
export const noise = `(${recorded('instance:maintenance_authentication_failures_usual:increase30m')} * on () group_left () ${recorded('maintenance:authentication_failures_times_usual:ratio')})`;
