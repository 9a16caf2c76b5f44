import type { Control } from './control.ts';
import { controls } from './controls.ts';
import { durationText } from './duration.ts';
import type { ControlName, Policy } from './policy.ts';
import { applies, type Labels, matchText } from './policy/applies.ts';
import { percent } from './policy/credits.ts';
import { clockText } from './policy/day-hours.ts';
import { promiseText } from './policy/sla_classes.ts';
import { phases, toldBy, toldLater, toldText } from './told.ts';

/** One thing the policy says about an object: `limit`, and why it is what it is. */
export interface Statement {
  readonly about: string;
  readonly says: string;
}

/** All the policy says about a control of an object. `now` in unix seconds, for exceptions. */
export function explain(
  policy: Policy,
  control: ControlName,
  labels: Labels,
  now: number,
): readonly Statement[] {
  const found = policy.controls[control];
  const definition = controls.find(({ name }) => name === control);
  const sla = policy.sla_classes[found.sla_class];
  const hours = sla.clock === 'working_hours' ? 'in working hours of the customer' : 'around the clock';
  return [
    ...(control === 'tasks'
      ? taskStatements(policy, labels)
      : [
          ...(definition?.judges === 'state' ? [stateStatement] : limitStatements(policy, control, labels)),
          { about: 'expected', says: expectedText(policy, control, labels) },
        ]),
    ...exceptionStatements(policy, control, labels, now),
    { about: 'target', says: `${percent(found.target)} of the objects of a month` },
    { about: 'severity', says: found.severity },
    {
      about: 'sla class',
      says: `${found.sla_class}: answered within ${promiseText(sla.response)}${
        sla.resolve === undefined ? '' : `, resolved within ${promiseText(sla.resolve)}`
      }, ${hours}`,
    },
    ...(found.owner === undefined ? [] : [{ about: 'owner', says: found.owner }]),
    ...toldStatements(policy, control, labels),
    ...windowStatements(policy, labels),
    ...(definition === undefined ? [] : runbookStatements(policy, definition)),
  ];
}

const stateStatement: Statement = { about: 'limit', says: 'none: in order or not at any moment' };

/** Each task has a limit of its own, and belongs to customers instead of hosts. */
function taskStatements({ tasks }: Policy, { object }: Labels): readonly Statement[] {
  const names = Object.keys(tasks);
  if (names.length === 0) return [{ about: 'expected', says: 'no: the policy has no tasks' }];
  const asked = names.filter((name) => object === undefined || name === object);
  if (asked.length === 0) return [{ about: 'expected', says: `no: there is no task ${object}` }];
  return asked.flatMap((name) => {
    const task = tasks[name];
    if (task === undefined) return [];
    const { every, grace, customers, owner } = task;
    const whose = customers === undefined ? 'every customer' : [customers].flat().join(', ');
    const limit = durationText(every.seconds + grace);
    return [
      {
        about: 'limit',
        says: `${limit}, from tasks.${name}: every ${durationText(every.seconds)}, grace ${durationText(grace)}`,
      },
      { about: 'expected', says: `${name} of ${whose}; ${owner} does it` },
    ];
  });
}

/** Overrides that fit if more is known come first, with what must be so; the first that fits for sure ends the search. */
function limitStatements(policy: Policy, control: ControlName, labels: Labels): readonly Statement[] {
  const { limit, overrides } = policy.controls[control];
  const statements: Statement[] = [];
  for (const [index, { match, limit: other }] of overrides.entries()) {
    const fits = applies(match, labels);
    if (fits === 'no') continue;
    const from = `controls.${control}.overrides[${index}]: ${matchText(match)}`;
    const condition = fits === 'yes' ? '' : `if ${fits.join(' and ')}: `;
    statements.push({ about: 'limit', says: `${condition}${durationText(other)}, from ${from}` });
    if (fits === 'yes') return statements;
  }
  const why =
    overrides.length === 0
      ? 'it has no overrides'
      : statements.length === 0
        ? 'no override fits'
        : 'no other override fits';
  const fallback = limit === undefined ? 'none' : durationText(limit);
  const otherwise = statements.length === 0 ? '' : 'otherwise ';
  return [
    ...statements,
    { about: 'limit', says: `${otherwise}${fallback}, from controls.${control}.limit: ${why}` },
  ];
}

function expectedText({ roles }: Policy, control: ControlName, { role }: Labels): string {
  const asks = (name: string): boolean => roles[name]?.includes(control) === true;
  const named = role !== undefined && role !== 'default' && Object.hasOwn(roles, role);
  const key = named ? role : 'default';
  if (role === undefined) {
    const asking = Object.keys(roles).filter((name) => name !== 'default' && asks(name));
    return `if its role is ${asking.join(', ') || 'none of those named'}${asks('default') ? ', or none the policy names' : ''}; elsewhere once its facts are seen`;
  }
  const said = named ? `roles.${key}` : `roles.default, as the policy does not name role ${role},`;
  return asks(key)
    ? `yes: ${said} asks for it`
    : `no: ${said} does not ask for it; what is seen is judged all the same`;
}

function exceptionStatements(
  policy: Policy,
  control: ControlName,
  labels: Labels,
  now: number,
): readonly Statement[] {
  const today = new Date(now * 1000).toISOString().slice(0, 10);
  return policy.exceptions
    .filter((one) => one.control === control && one.expires >= today)
    .flatMap(({ match, owner, reason, from, expires }) => {
      const fits = applies(match, labels);
      if (fits === 'no') return [];
      const begins = from !== undefined && from > today ? `from ${from} ` : '';
      const condition = fits === 'yes' ? '' : `if ${fits.join(' and ')}: `;
      return [
        { about: 'exception', says: `${condition}${begins}to ${expires}, accepted by ${owner}: ${reason}` },
      ];
    });
}

function toldStatements(policy: Policy, control: ControlName, { customer }: Labels): readonly Statement[] {
  const [atWork = '', off = ''] = phases.map((phase) => toldText(toldBy(policy, control, customer, phase)));
  const later = toldLater(policy, control, customer);
  return [
    {
      about: 'told',
      says: atWork === off ? `${atWork}, at any hour` : `in working hours ${atWork}; outside of them ${off}`,
    },
    ...later.map((says) => ({ about: 'told later', says: `${says}, unless it is over or silenced` })),
  ];
}

function windowStatements(policy: Policy, labels: Labels): readonly Statement[] {
  return policy.maintenance_windows.flatMap(({ name, match, weekly, monthly, once }) => {
    const fits = applies(match, labels);
    if (fits === 'no') return [];
    const zones = [match.customer ?? []].flat().map((customer) => policy.customers[customer]?.zone);
    const times =
      once === undefined
        ? [weekly, monthly].flatMap((one) =>
            one === undefined
              ? []
              : [
                  `each ${monthly === undefined ? '' : `${monthly.nth} `}${one.day} ${clockText(one.at)} for ${durationText(one.for)}`,
                ],
          )
        : [`${once.from} to ${once.to}`];
    const condition = fits === 'yes' ? '' : `if ${fits.join(' and ')}: `;
    return [
      { about: 'window', says: `${condition}${name}: ${times.join()}, ${[...new Set(zones)].join(' or ')}` },
    ];
  });
}

function runbookStatements({ links }: Policy, { alert }: Control): readonly Statement[] {
  return [
    { about: 'alert', says: alert.name },
    { about: 'runbook', says: `${links.runbooks.replace(/\/$/, '')}/${alert.name}.md` },
  ];
}
