import { comparable, valueBefore } from '../comparison.ts';
import { monthFrom } from '../format.ts';
import { answersOf, overdueHosts, restoreProofs } from '../protection.ts';
import type { Indicator, Snapshot } from '../snapshot.ts';
import type { Words } from '../words/words.ts';

/** How many of the targets behind the five questions were met, and which were not. */
export function protectionFinding(snapshot: Snapshot, { protection: { headline } }: Words): string {
  const judged = answersOf(snapshot).flatMap(({ id, indicator }) =>
    indicator === undefined || ['plain', 'none'].includes(indicator.verdict)
      ? []
      : [{ id, verdict: indicator.verdict }],
  );
  if (judged.length === 0) return headline.nothing(snapshot.month);
  const missed = judged.filter(({ verdict }) => verdict === 'missed').map(({ id }) => id);
  const unknown = judged.filter(({ verdict }) => verdict === 'unknown').length;
  const met = judged.length - missed.length - unknown;
  return met === judged.length
    ? headline.all(met)
    : headline.some({ met, of: judged.length, missed, unknown });
}

/** Updates, restores and vulnerabilities in a sentence each: what is in order, what is not, or that nothing is known. */
export function protectionLede(snapshot: Snapshot, { protection: { lede } }: Words): string {
  const { facts, month, period } = snapshot;
  const updates = facts.updates === undefined ? undefined : overdueHosts(facts.updates);
  const proofs = facts.backups === undefined ? [] : restoreProofs(facts.backups, period.end);
  const vulnerable = snapshot.indicators.find(({ id }) => id === 'vulnerabilities_critical_open');
  return [
    updates === undefined || updates.expected === 0 || updates.unknown === updates.expected
      ? lede.updatesUnknown
      : lede.updates({
          hosts: updates.expected,
          inOrder: updates.inOrder,
          overdue: updates.hosts.length,
          unknown: updates.unknown,
        }),
    proofs.length === 0
      ? lede.noBackups
      : lede.restores(proofs.filter(({ state }) => state === 'verified').length, proofs.length),
    vulnerable === undefined || vulnerable.value === null
      ? lede.vulnerabilitiesUnknown
      : lede.vulnerabilities(vulnerable.value, countBefore(vulnerable), monthFrom(month, -1)),
  ].join(' ');
}

/** The count of the month before; null where there is none to compare with. */
export function countBefore(indicator: Indicator): number | null {
  const before = valueBefore(indicator);
  return before !== undefined && comparable(indicator, before) ? before.value : null;
}
