import { controls } from '../alerts/controls.ts';
import type { Domain } from '../alerts/control.ts';
import type { Duties } from './facts/duties.ts';
import { monthFrom } from './format.ts';
import { monthPeriod } from './period.ts';
import type { Snapshot } from './snapshot.ts';

/** What may go wrong, or go on being wrong, until the next report. */
export interface Risk {
  /** The control it is about. */
  readonly control: string;
  readonly domain: Domain;
  /** Objects out of order, or about to be. */
  readonly objects: number;
  /** Where they are: hosts, or backup jobs as `host/job`; those that could be named. */
  readonly names: readonly string[];
  readonly impact: 'high' | 'medium' | 'low';
  /** present: a limit has passed. near: one passes before the next report is due, at `due`. */
  readonly likelihood: 'present' | 'near';
  readonly owner: string;
  /** Unix seconds: when the limit passes, or when the next month ends. */
  readonly due: number;
}

const impacts = { critical: 'high', warning: 'medium', info: 'low' } as const;
const rank = { high: 0, medium: 1, low: 2 } as const;

/**
 * The gravest first, at most one per domain, so that three symptoms of one cause do not hide two other causes: what the
 * policy calls critical before what it warns of, what has happened before what is near, the larger share before the smaller.
 */
export function risksOf(snapshot: Snapshot): readonly Risk[] {
  const found = [...presentRisks(snapshot), ...expiringProofs(snapshot)].toSorted(
    (one, other) =>
      rank[one.impact] - rank[other.impact] ||
      (one.likelihood === other.likelihood ? 0 : one.likelihood === 'present' ? -1 : 1) ||
      other.objects - one.objects ||
      (one.control < other.control ? -1 : 1),
  );
  return found.filter((risk, index) => found.findIndex(({ domain }) => domain === risk.domain) === index);
}

function presentRisks(snapshot: Snapshot): readonly Risk[] {
  const due = nextMonthEnd(snapshot);
  return snapshot.indicators.flatMap(({ id, atEnd }): readonly Risk[] => {
    const control = controls.find(({ name }) => name === id);
    const duty = dutyFor(id, snapshot);
    const open = atEnd === null ? 0 : atEnd.known - atEnd.compliant;
    if (control === undefined || open === 0) return [];
    const names = snapshot.hosts.flatMap((host) => (host.controls[id] === 'missed' ? [host.instance] : []));
    const { owner, severity } = duty;
    return [
      {
        control: id,
        domain: control.domain,
        objects: open,
        names,
        impact: impacts[severity],
        likelihood: 'present',
        owner,
        due,
      },
    ];
  });
}

/** Restores that were proved, and whose proof is too old before the next month is over. */
function expiringProofs(snapshot: Snapshot): readonly Risk[] {
  const duty = dutyFor('restore_test', snapshot);
  const end = nextMonthEnd(snapshot);
  const expiring = (snapshot.facts.backups?.jobs ?? []).flatMap(({ instance, job, restore }) => {
    if (restore?.verdict !== 'met' || restore.verified === null || restore.limit === null) return [];
    const expires = restore.verified + restore.limit;
    return expires < end ? [{ name: `${instance}/${job}`, expires }] : [];
  });
  const [first] = expiring.toSorted((one, other) => one.expires - other.expires);
  if (first === undefined) return [];
  return [
    {
      control: 'restore_test',
      domain: 'backups',
      objects: expiring.length,
      names: expiring.toSorted((one, other) => one.expires - other.expires).map(({ name }) => name),
      impact: impacts[duty.severity],
      likelihood: 'near',
      owner: duty.owner,
      due: first.expires,
    },
  ];
}

/** A snapshot written before duties were told must not look like one without risks. */
function dutyFor(control: string, { facts, provider }: Snapshot): Duties[string] {
  return facts.duties?.[control] ?? { owner: provider, severity: 'warning' };
}

function nextMonthEnd({ month, customer }: Snapshot): number {
  return monthPeriod(monthFrom(month, 1), customer.zone).end;
}
