import { controls } from './controls.ts';
import { durationText } from './duration.ts';
import { type ControlName, controlNames, type Policy } from './policy.ts';
import { matchText } from './policy/applies.ts';
import { matchKey } from './policy/match.ts';
import { phases, toldBy, toldLater, toldText } from './told.ts';

/** What changes in the limits when `after` replaces `before`, a sentence each. */
export function limitChanges(before: Policy, after: Policy): readonly string[] {
  return controlNames.flatMap((control) => {
    const [old, now] = [before.controls[control], after.controls[control]];
    const own = sentence(control, old.limit, now.limit);
    const matches = new Map(
      [...old.overrides, ...now.overrides].map(({ match }) => [matchKey(match), match] as const),
    );
    const overridden = [...matches].flatMap(([key, match]) => {
      const [was, is] = [old, now].map(
        ({ limit, overrides }) => overrides.find((one) => matchKey(one.match) === key)?.limit ?? limit,
      );
      const known = [old, now].map(({ overrides }) => overrides.some((one) => matchKey(one.match) === key));
      const how = known[0] === known[1] ? '' : known[1] === true ? 'new override' : 'override removed';
      // An override of the same limit as the control changes nothing but its name.
      return sentence(`${control} for ${matchText(match)}`, was, is, how);
    });
    const order = [old, now].map(({ overrides }) => overrides.map(({ match }) => matchKey(match)));
    const common = order.map((keys, index) => keys.filter((key) => order[1 - index]?.includes(key)).join());
    const moved =
      common[0] === common[1]
        ? []
        : [`${control}: the order of the overrides changes, and the first that fits wins`];
    return [...own, ...overridden, ...moved];
  });
}

function sentence(
  about: string,
  was: number | undefined,
  is: number | undefined,
  how = '',
): readonly string[] {
  if (was === is) return [];
  const texts = [was, is].map((seconds) => (seconds === undefined ? 'no limit' : durationText(seconds)));
  const stricter = (is ?? Infinity) < (was ?? Infinity) ? 'stricter' : 'looser';
  return [`${about}: ${texts.join(' becomes ')}, ${[stricter, how].filter(Boolean).join(', ')}`];
}

/** What changes in what hosts must have, by role. A role that is not named is judged by the default one. */
export function expectationChanges(before: Policy, after: Policy): readonly string[] {
  const names = [...new Set([...Object.keys(before.roles), ...Object.keys(after.roles)])];
  return names.flatMap((role) => {
    const was = before.roles[role] ?? before.roles['default'] ?? [];
    const is = after.roles[role] ?? after.roles['default'] ?? [];
    const more = is.filter((control) => !was.includes(control));
    const less = was.filter((control) => !is.includes(control));
    const hosts = role === 'default' ? 'hosts of other roles' : `hosts of role ${role}`;
    return [
      ...(more.length === 0 ? [] : [`${hosts} must have ${more.join(', ')}, too`]),
      ...(less.length === 0 ? [] : [`${hosts} need not have ${less.join(', ')} any more`]),
    ];
  });
}

/** What changes in who is told, computed for every customer of both policies and every control. */
export function routeChanges(before: Policy, after: Policy): readonly string[] {
  const customers = Object.keys(after.customers).filter((name) => Object.hasOwn(before.customers, name));
  const changes = new Map<string, { about: ControlName[]; customer: string }>();
  for (const customer of customers)
    for (const control of controlNames) {
      const told = [before, after].map((policy) => receiversOf(policy, control, customer));
      for (const when of ['in working hours', 'outside of working hours', 'later'] as const) {
        const [was = '', is = ''] = told.map((all) => all[when]);
        if (was === is) continue;
        const both = told.every((all) => all['in working hours'] === all['outside of working hours']);
        if (both && when === 'outside of working hours') continue;
        const time = both && when === 'in working hours' ? '' : ` ${when}`;
        const key = `${customer}${time}: ${was || 'nobody'} becomes ${is || 'nobody'}`;
        changes.set(key, { customer, about: [...(changes.get(key)?.about ?? []), control] });
      }
    }
  return [...changes].map(([key, { about }]) => {
    const what = about.length === controls.length ? 'all alerts' : `alerts about ${about.join(', ')}`;
    return `${what} of ${key}`;
  });
}

function receiversOf(policy: Policy, control: ControlName, customer: string) {
  const [atWork = '', off = ''] = phases.map((phase) => toldText(toldBy(policy, control, customer, phase)));
  return {
    'in working hours': atWork,
    'outside of working hours': off,
    later: toldLater(policy, control, customer).join(', '),
  };
}
